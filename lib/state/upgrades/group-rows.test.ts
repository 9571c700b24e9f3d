import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeStore } from '../../../test/stores/describe-store.ts'
import { unpackStore } from '../../../test/stores/packed-store.ts'
import { workshopNames } from '../../../test/stores/workshop.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { type FinishedChild, finished, spawnTypeScript } from '../../../test/support/typescript-child.ts'
import { openForCopying, openForReading, openForWriting } from '../environment/environment.ts'
import { FormatOutdated } from '../environment/store-format.ts'
import type { Table } from '../environment/table.ts'

const program = new URL('./upgrade-killed.fixture.ts', import.meta.url)

const unpacked = (): string => {
  const path = join(temporaryFolder(), 'store')
  unpackStore('test/stores/format-3-killed.store.gz', path)
  return path
}

const described = JSON.parse(readFileSync('test/stores/format-3-killed.json', 'utf8'))

const killedAt = (path: string, n: number): Promise<FinishedChild> =>
  finished(spawnTypeScript(program, [path, `${n}`]))

const contentOf = (table: Table | undefined): string[] =>
  [...(table?.pages({ start: Uint8Array.of(0) }, 100) ?? [])]
    .flat()
    .map(({ key, bytes }) => `${Buffer.from(key).toString('hex')} ${Buffer.from(bytes).toString('hex')}`)

/** What a store of format 3 has in the databases of that format. */
const oldRows = async (path: string): Promise<string[]> => {
  const { states, due, root, format } = openForCopying(path)
  const rows = [`format ${format}`, ...contentOf(states), ...contentOf(due)]
  await root.close()
  return rows
}

test('killed at any step, an upgrade leaves the old rows whole, and is done by the next start', async () => {
  const whole = await killedAt(unpacked(), 0)
  expect(whole).toMatchObject({ code: 0, stderr: '' })
  const calls = Number(whole.stdout)
  expect(calls).toBeGreaterThan(5)
  const before = await oldRows(unpacked())
  for (let n = 1; n <= calls; n++) {
    const path = unpacked()
    expect((await killedAt(path, n)).signal).toBe('SIGKILL')
    expect(await oldRows(path)).toEqual(before)
    expect(() => openForReading(path)).toThrow(FormatOutdated)
    // Killed once more on the way, it begins again.
    if (n > 1) await killedAt(path, n - 1)
    expect(await describeStore(path, workshopNames)).toEqual(described)
  }
}, 120_000)

test('an upgrade leaves no database behind that the format does not have', async () => {
  const path = unpacked()
  await openForWriting(path).root.close()
  const { root, states, due, others } = openForReading(path)
  expect([states.name, due?.name, others]).toEqual(['actors', 'timers', []])
  await root.close()
})

test('an upgrade that finds too little room on the disk changes nothing', async () => {
  const path = unpacked()
  const before = await oldRows(path)
  const freeBytes = (): number => 2 ** 20
  expect(() => openForWriting(path, { upgrading: { freeBytes } })).toThrow(
    /is to be rewritten in format 4, which takes 17 MiB beside it, and there are 2 MiB free: free some space/,
  )
  expect(await oldRows(path)).toEqual(before)
  expect(await describeStore(path, workshopNames)).toEqual(described)
})
