import { expect, test } from 'vitest'
import { filesIn, readText } from './source-files.ts'

const asInstalled = (text: string): string =>
  text.replace("'../lib/index.ts'", "'tidemark'").replace("'../devices/index.ts'", "'tidemark/devices'")

test('every program in the README is one of the examples, which are compiled and run', () => {
  const examples = filesIn('examples', '.ts').map((path) => asInstalled(readText(path)).trim())
  const shown = [...readText('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!.trim())
  expect(shown.length).toBeGreaterThan(0)
  for (const code of shown) expect(examples).toContain(code)
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
