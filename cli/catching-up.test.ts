import { expect, test } from 'vitest'
import { catchingUp } from './catching-up.ts'

test('a replay is reported until it is through', async () => {
  const lines: string[] = []
  const { ended, onReplay } = catchingUp((line) => lines.push(line))
  onReplay({ entries: 612_000, replayed: 214_999 })
  onReplay({ entries: 612_000, replayed: 612_000 })
  await ended
  expect(lines).toEqual(['catching up: 35 % of 612,000 journal entries'])
})

test('where there is nothing to replay there is nothing to report', async () => {
  const lines: string[] = []
  const { ended, onReplay } = catchingUp((line) => lines.push(line))
  onReplay({ entries: 0, replayed: 0 })
  await ended
  expect(lines).toEqual([])
})
