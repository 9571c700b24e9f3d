import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, readText } from './source-files.ts'

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
  expect(terms).toHaveLength(23)
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

test('every page is in the index of pages', () => {
  const linked = [...readText('docs/README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => join('docs', to!))
  const pages = filesIn('docs', '.md').filter((path) => !/^docs\/(README|decisions\/)/.test(path))
  expect(pages.filter((path) => !linked.includes(path))).toEqual([])
})
