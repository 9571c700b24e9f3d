import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './package/output-of.ts'
import { shownPrograms } from './shown-programs.ts'
import { filesIn, readText } from './source-files.ts'

const asInstalled = (text: string): string =>
  text.replace("'../lib/index.ts'", "'tidemark'").replace("'../devices/index.ts'", "'tidemark/devices'")

test('every whole pipeline that is shown is one of the examples, which are compiled and run', () => {
  const examples = filesIn('examples', '.ts').map((path) => asInstalled(readText(path)).trim())
  const shown = shownPrograms('ts')
    .filter(({ place }) => /^(README|docs\/(own-pipeline|lookups-and-values))\.md:/.test(place))
    .map(({ code }) => code.trim())
  expect(shown).toHaveLength(3)
  for (const code of shown) expect(examples).toContain(code)
})

// What is declared to be looked at is not used.
const asStrictAsOurs = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    noEmit: true,
    noUnusedLocals: false,
    paths: {
      tidemark: ['../../lib/index.ts'],
      'tidemark/testing': ['../../lib/testing/index.ts'],
      'tidemark/devices': ['../../devices/index.ts'],
      'tidemark/simulators': ['../../simulators/index.ts'],
    },
  },
  include: ['*.ts'],
}

test('every program in the README and the pages compiles strictly, but for what is marked a fragment', async () => {
  const programs = shownPrograms('ts').filter(({ fragment }) => fragment === undefined)
  expect(programs.length).toBeGreaterThan(8)
  // Within the project, so that its packages are found.
  const folder = mkdtempSync(join(import.meta.dirname, '.shown-programs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(asStrictAsOurs))
  for (const { place, code } of programs) {
    writeFileSync(join(folder, `${place.replace(/\W+/g, '-')}.ts`), `${code}\nexport {}\n`)
  }
  const compiler = join(import.meta.dirname, '../node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], { cwd: folder })
  // What tidemark itself is made of is checked by `npm test`.
  const complaints = stdout.split('\n').filter((line) => line !== '' && !/^(\.\.\/|\s)/.test(line))
  expect(complaints).toEqual([])
})

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
  const documents = [...filesIn('.', '.md')].map(readText).join('\n')
  const named = [...documents.matchAll(/npm run (?:--silent |-s )?([a-z:]+)/g)].map(([, name]) => name!)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test('every term of the glossary is used where tidemark is written', () => {
  const places = ['lib', 'devices'].flatMap((folder) => filesIn(folder, '.ts'))
  const pages = filesIn('docs', '.md').filter((path) => path !== 'docs/glossary.md')
  const text = [...places, ...pages].map(readText).join('\n').toLowerCase()
  const entries = [...readText('docs/glossary.md').matchAll(/^\*\*(.+)\.\*\* /gm)]
  const terms = entries.flatMap(([, names]) => names!.toLowerCase().split(', '))
  expect(terms).toHaveLength(22)
  const asName = (term: string): string => term.replace(/[ -]/g, '')
  expect(terms.filter((term) => !text.includes(term) && !text.includes(asName(term)))).toEqual([])
})

test('every link to a heading of a document leads to one', () => {
  const anchorsOf = (path: string): string[] =>
    [...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    )
  const dead = filesIn('.', '.md').flatMap((path) =>
    [...readText(path).matchAll(/\]\((?!https?:)([^)#]*\.md)?#([^)]+)\)/g)]
      .filter(
        ([, to, anchor]) => !anchorsOf(to === undefined ? path : join(dirname(path), to)).includes(anchor!),
      )
      .map(([link]) => `${path} ${link}`),
  )
  expect(dead).toEqual([])
})
