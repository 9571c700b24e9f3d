import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from '../package/output-of.ts'
import { finished, spawnTypeScript } from '../support/typescript-child.ts'
import { isWholeProgram, type ShownOutput } from './block-faults.ts'
import { makePageFolder } from './page-folder.ts'
import type { ShownBlock } from './shown-block.ts'

const root = resolve(import.meta.dirname, '../..')

/** Like assert, telling what an expected error says. */
const tellingAssert = `import strict from 'node:assert/strict'
const assert = {
  ...strict,
  rejects: (promise, pattern) =>
    strict.rejects(promise.catch((error) => { console.log(error.message); throw error }), pattern),
}`

// What is declared to be looked at is not used.
const asStrictAsOurs = {
  extends: join(root, 'tsconfig.json'),
  compilerOptions: { noEmit: true, noUnusedLocals: false, rootDir: '/' },
  include: ['**/*.ts'],
}

const fileName = ({ place }: ShownBlock): string => `${place.replace(/\W+/g, '-')}.ts`

/** Files of one page may import each other, so those that it names are in a folder of the page. */
const compiledName = (block: ShownBlock): string => {
  const file = block.marks.get('file')
  return file === undefined
    ? fileName(block)
    : join(block.page.replace(/\W+/g, '-'), file.replace(/\.js$/, '.ts'))
}

/** What the compiler says of programs, each by itself, as strict as it is with tidemark. */
export const compilePrograms = async (programs: readonly ShownBlock[]): Promise<string[]> => {
  const { path: folder } = await makePageFolder()
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(asStrictAsOurs))
    for (const block of programs) {
      const file = join(folder, compiledName(block))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${block.code}\nexport {}\n`)
    }
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], {
      cwd: folder,
    })
    // What tidemark itself is made of is checked by `npm test`.
    return stdout.split('\n').filter((line) => line !== '' && !/^(\.\.\/|\/|\s)/.test(line))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs whole programs, one after the other, and says in words what went wrong and what was not printed. */
export const runPrograms = async (
  programs: readonly ShownBlock[],
  outputs: readonly ShownOutput[],
): Promise<string[]> => {
  const { path: folder } = await makePageFolder()
  try {
    const lines = programs.map((block) => {
      const file = join(folder, fileName(block))
      writeFileSync(file, block.code.replace("import assert from 'node:assert/strict'", tellingAssert))
      return `console.log('>>> ${block.place}')\nawait import('${pathToFileURL(file).href}')\n`
    })
    const all = join(folder, 'all.ts')
    writeFileSync(all, lines.join(''))
    const end = await finished(spawnTypeScript(pathToFileURL(all), [], { cwd: folder, timeout: 100_000 }))
    const printed = new Map(
      end.stdout
        .split('>>> ')
        .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
    )
    const last = [...printed.keys()].at(-1)
    const faults = outputs.flatMap(({ output, printedBy }) => {
      if (printedBy === undefined || !isWholeProgram(printedBy)) return []
      const words = printed.get(printedBy.place) ?? ''
      return words.includes(output.code) ? [] : [`${output.place}: not printed; what was is\n${words}`]
    })
    if (end.code === 0 && end.stderr === '') return faults
    const remedy = 'a program that goes on until it is interrupted belongs in examples/, with a test'
    return [`${last}: it ended with ${end.code ?? end.signal}; ${remedy}:\n${end.stderr}`, ...faults]
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
