// Lets an older Node import TypeScript: node --import ./test/support/typescript-hooks.js file.ts
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && !process.features.typescript) register(import.meta.url)

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context)
  const { transformWithOxc } = await import('vite')
  const file = fileURLToPath(url)
  const { code } = await transformWithOxc(await readFile(file, 'utf8'), file)
  return { format: 'module', source: code, shortCircuit: true }
}
