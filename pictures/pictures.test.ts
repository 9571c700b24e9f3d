import { expect, test } from 'vitest'
import { filesIn, readText } from '../test/source-files.ts'
import { pictures } from './pictures.ts'

const names = Object.keys(pictures)
const committed = filesIn('docs/pictures', '.svg')

test('docs/pictures has the pictures that are drawn here and no others', () => {
  expect(committed.sort()).toEqual(names.map((name) => `docs/pictures/${name}.svg`).sort())
})

test.each(names)('%s is as committed; npm run pictures draws it anew', (name) => {
  expect(readText(`docs/pictures/${name}.svg`)).toBe(pictures[name])
})

test.each(names)('%s is shown on a page', (name) => {
  const pages = filesIn('.', '.md').filter((page) => readText(page).includes(`pictures/${name}.svg)`))
  expect(pages).not.toEqual([])
})
