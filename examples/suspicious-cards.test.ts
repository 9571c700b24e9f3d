import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { finished, spawnTypeScript } from '../test/support/typescript-child.ts'

const noon = Date.UTC(2026, 0, 5, 12)

test('a card that pays too often is reported, also when the program was restarted in between', async () => {
  const folder = temporaryFolder()
  const pay = async (payments: readonly (readonly [card: string, second: number])[]) => {
    const program = new URL('./suspicious-cards.ts', import.meta.url)
    const child = spawnTypeScript(program, [join(folder, 'data'), join(folder, 'reports')])
    const lines = payments.map(([card, second]) => ({ card, amount: 9, time: noon + second * 1_000 }))
    child.stdin?.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return finished(child)
  }
  const often = [0, 10, 20].map((second) => ['4711', second] as const)
  const seldom = [0, 30, 60, 90].map((second) => ['0815', second] as const)
  expect(await pay([...often, ...seldom])).toMatchObject({ code: 0, stdout: '' })
  expect(await pay([['4711', 30]])).toMatchObject({ code: 0, stdout: 'reported 4711\n' })

  const reports = readdirSync(join(folder, 'reports'))
  expect(reports).toHaveLength(1)
  expect(JSON.parse(readFileSync(join(folder, 'reports', reports[0]!), 'utf8'))).toEqual({
    ...{ card: '4711', amount: 9, time: noon + 30_000 },
    payments: 4,
  })
})
