import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readText } from '../test/source-files.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { finished, spawnTypeScript } from '../test/support/typescript-child.ts'

test('payments over the limit of their time are reported with the owner, also after a restart', async () => {
  const data = join(temporaryFolder(), 'data')
  const run = async (...lines: object[]): Promise<string> => {
    const child = spawnTypeScript(new URL('./checked-payments.ts', import.meta.url), [data])
    child.stdin?.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return (await finished(child)).stdout
  }
  const pay = (card: string, amount: number): object => ({ card, amount, time: 0 })
  const first = await run({ limit: 500 }, pay('4711', 400), { limit: 100 }, pay('4711', 300), pay('0815', 50))
  expect(first).toBe('Ann paid 300\n')
  expect(await run(pay('0815', 90), pay('0815', 110))).toBe('somebody paid 110\n')
})

test('is what the page about lookups and values shows', () => {
  const program = readText('examples/checked-payments.ts').replace("'../lib/index.ts'", "'tidemark'")
  expect(readText('docs/lookups-and-values.md')).toContain(program)
})
