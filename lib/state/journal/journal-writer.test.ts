import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { JournalReader } from './journal-reader.ts'
import type { JournalRecord } from './journal-record.ts'
import { JournalWriter } from './journal-writer.ts'

const nothing = { applied: 0, start: 0, firstRow: 0 }
const bytes = (text: string): Buffer => Buffer.from(text)

const open = (path: string, note = nothing, onRecord: (record: JournalRecord) => void = () => {}) =>
  new JournalWriter({ path, note, onRecord, segmentBytes: 200 })

/** Appends a record for each of `positions`, with a row, an output and a note. */
const write = async (journal: JournalWriter, positions: readonly number[]): Promise<void> => {
  for (const position of positions) {
    await journal.append({
      rows: [{ position, bytes: bytes(`row ${position} ${'x'.repeat(50)}`) }],
      outbox: [{ sink: 'sänk', position, index: 3, bytes: bytes(`out ${position}`) }],
      notes: new Map([['note', bytes(`${position}`)]]),
    })
  }
}

const positionsIn = (journal: { rows(from: number): Iterable<{ position: number }> }, from = 0): number[] =>
  [...journal.rows(from)].map(({ position }) => position)

const filesIn = (path: string): string[] => readdirSync(path).filter((name) => name.endsWith('.log'))

/** A folder with the journal of positions 1 to 9, closed, and its files. */
const written = async () => {
  const path = temporaryFolder()
  const journal = open(path)
  await write(journal, [1, 2, 3, 4, 5, 6, 7, 8, 9])
  journal.close()
  return { path, files: filesIn(path).map((name) => join(path, name)) }
}

describe('the journal', () => {
  test('comes back whole, from several files, and goes on', async () => {
    const { path, files } = await written()
    expect(files.length).toBeGreaterThan(2)
    const records: JournalRecord[] = []
    const journal = open(path, nothing, (record) => records.push(record))
    expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(records[4]).toMatchObject({
      outbox: [{ sink: 'sänk', position: 5, index: 3, bytes: bytes('out 5') }],
    })
    expect(records[4]!.notes.get('note')).toEqual(bytes('5'))
    await write(journal, [10])
    expect(positionsIn(journal, 4)).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(positionsIn(new JournalReader(path), 9)).toEqual([9, 10])
    journal.close()
  })

  test('loses no more than the record whose write was cut short, wherever it was cut', async () => {
    const { path, files } = await written()
    const last = files.at(-1)!
    const whole = readFileSync(last)
    const journal = open(path)
    await write(journal, [10])
    journal.close()
    const longer = readFileSync(files.at(-1)!)
    for (let length = whole.length; length < longer.length; length += 7) {
      writeFileSync(last, longer.subarray(0, length))
      const cut = open(path)
      expect(positionsIn(cut)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
      expect(statSync(last).size).toBe(whole.length)
      cut.close()
    }
    appendFileSync(last, Buffer.alloc(500))
    const again = open(path)
    await write(again, [10])
    expect(positionsIn(again, 9)).toEqual([9, 10])
    again.close()
  })

  test('is refused when a record before the last is not what was written', async () => {
    const { path, files } = await written()
    for (const file of files.slice(0, -1)) {
      const whole = readFileSync(file)
      for (let at = 0; at < whole.length; at += 11) {
        const flipped = Buffer.from(whole)
        flipped[at]! ^= 4
        writeFileSync(file, flipped)
        expect(() => open(path)).toThrow(StoreDamaged)
      }
      truncateSync(file, whole.length - 5)
      expect(() => open(path)).toThrow(/damaged at byte \d+.*restore the data folder from a backup/)
      writeFileSync(file, whole)
    }
  })

  test('is refused when files are missing that the tables count on', async () => {
    const { path, files } = await written()
    rmSync(files[0]!)
    expect(() => open(path)).toThrow(/the beginning of its journal is missing/)
    expect(() => open(path, { applied: 9, start: 1, firstRow: 1 })).toThrow(StoreDamaged)
    for (const file of files.slice(1)) rmSync(file)
    expect(() => open(path, { applied: 9, start: 5, firstRow: 5 })).toThrow(StoreDamaged)
    open(path, { applied: 9, start: 10, firstRow: 0 }).close()
  })

  test('is refused when records are missing that the tables count on', async () => {
    const { path, files } = await written()
    const last = files.at(-1)!
    truncateSync(last, statSync(last).size - 5)
    expect(() => open(path, { applied: 9, start: 1, firstRow: 1 })).toThrow(
      /the end of its journal is missing: journal-\d+\.log ends at record 8, and there were 9.*restore/,
    )
    open(path, { applied: 8, start: 1, firstRow: 1 }).close()
  })

  test('deletes the files that nothing needs, and not the one that is being written', async () => {
    const { path, files } = await written()
    const journal = open(path)
    journal.release(10, 3)
    expect(filesIn(path).length).toBeLessThan(files.length)
    expect(positionsIn(journal)).toContain(4)
    journal.release(6, 9)
    expect(positionsIn(journal)[0]).toBeLessThanOrEqual(6)
    const appending = write(journal, [10])
    journal.release(100, 9)
    await appending
    expect(positionsIn(journal)).toContain(10)
    journal.release(100, 10)
    expect(filesIn(path)).toEqual([])
    await write(journal, [11])
    expect(positionsIn(journal)).toEqual([11])
    journal.close()
  })
})
