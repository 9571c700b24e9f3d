import { describe, expect, test } from 'vitest'
import { asInstalled } from './documents/as-installed.ts'
import { blockFaults, isWholeProgram, shownOutputs } from './documents/block-faults.ts'
import { isInRepository, makePageFolder } from './documents/page-folder.ts'
import { runCommands } from './documents/run-commands.ts'
import { compilePrograms, runPrograms } from './documents/run-programs.ts'
import { shownBlocks } from './documents/shown-block.ts'
import { filesIn, readText } from './source-files.ts'

const pages = filesIn('.', '.md').map((page) => ({ page, blocks: shownBlocks(page, readText(page)) }))
const all = pages.flatMap(({ blocks }) => blocks)

test('every block of every page is run, or says why not and where it is proven', () => {
  expect(pages.flatMap(({ blocks }) => blockFaults(blocks, { isThere: isInRepository }))).toEqual([])
})

test('every program that is said to be an example is one, which is compiled and run', () => {
  const examples = all.filter(({ marks }) => marks.has('example'))
  expect(examples.length).toBeGreaterThan(2)
  for (const { code, marks } of examples) expect(code).toBe(asInstalled(readText(marks.get('example')!)))
})

test('every program compiles strictly by itself', async () => {
  const programs = all.filter(({ language, marks }) => language === 'ts' && !marks.has('not run'))
  expect(programs.length).toBeGreaterThan(8)
  expect(await compilePrograms(programs)).toEqual([])
}, 60_000)

test('every whole program runs, and prints what its page shows', async () => {
  const outputs = pages.flatMap(({ blocks }) => shownOutputs(blocks))
  expect(await runPrograms(all.filter(isWholeProgram), outputs)).toEqual([])
}, 120_000)

describe('commands work, and print what their page shows:', () => {
  const withCommands = pages.filter(({ blocks }) =>
    blocks.some(({ language, marks }) => language === 'sh' && !marks.has('not run')),
  )
  test.each(withCommands)(
    '$page',
    async ({ blocks }) => {
      const others = blocks.filter((block) => !isWholeProgram(block))
      expect(await runCommands(others, await makePageFolder())).toEqual([])
    },
    180_000,
  )
})
