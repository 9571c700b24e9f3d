/**
 * Joins the modules of the `tidemark` command into one file, and one for what each of its commands needs
 * besides, in `folder`: Node takes longer to find 300 small files than to read a large one, and a start after
 * a crash is waited for by every device. Packages stay outside, as they are installed.
 */
export const bundleCommand = async (folder) => {
  const { build } = await import('rolldown')
  await build({
    input: 'cli/main.ts',
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    output: { dir: folder, entryFileNames: 'main.js', chunkFileNames: 'main/[name].js' },
    logLevel: 'warn',
  })
}
