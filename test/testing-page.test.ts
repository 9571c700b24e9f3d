import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readText } from './source-files.ts'
import { finished, spawnTypeScript } from './support/typescript-child.ts'

/** Like assert, telling what an expected error says. */
const tellingAssert = `import strict from 'node:assert/strict'
const assert = {
  deepEqual: strict.deepEqual,
  rejects: (promise, pattern) =>
    strict.rejects(promise.catch((error) => { console.log(error.message); throw error }), pattern),
}`

const here = (path: string): string => new URL(path, import.meta.url).href

const blocks = (language: string): string[] =>
  [...readText('docs/testing.md').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, code]) => code!,
  )

test('every program on the page about testing runs, by itself and says what the page shows', async () => {
  const programs = blocks('ts')
  expect(programs.length).toBeGreaterThan(5)
  // Within the project, so that its packages are found.
  const folder = mkdtempSync(join(import.meta.dirname, '.testing-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const files = programs.map((program, index) => {
    const file = join(folder, `program-${index}.ts`)
    writeFileSync(
      file,
      program
        .replace("import assert from 'node:assert/strict'", tellingAssert)
        .replaceAll("'tidemark/testing'", `'${here('../lib/testing/index.ts')}'`)
        .replaceAll("'tidemark'", `'${here('../lib/index.ts')}'`),
    )
    return file
  })
  const all = join(folder, 'all.ts')
  writeFileSync(
    all,
    files.map((file) => `await import('${pathToFileURL(file).href}')\nconsole.log('ran')\n`).join(''),
  )
  const { stdout, stderr, code } = await finished(spawnTypeScript(pathToFileURL(all)))
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout.match(/^ran$/gm)).toHaveLength(programs.length)
  for (const shown of blocks('text')) expect(stdout).toContain(shown)
})
