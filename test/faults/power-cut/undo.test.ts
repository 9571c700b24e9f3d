import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { undo } from './undo.ts'

const record = (offset: number, length: number, oldLength: number, old: string, durable = false): Buffer => {
  const header = Buffer.alloc(48)
  const fields = [0x54554321, offset, length, oldLength, old.length, durable ? 1 : 0]
  for (const [i, field] of fields.entries()) header.writeBigUInt64LE(BigInt(field), 8 * i)
  return Buffer.concat([header, Buffer.from(old)])
}

const undone = (now: string, ...log: Buffer[]): string => {
  const files = join(temporaryFolder(), 'files')
  const logs = temporaryFolder()
  mkdirSync(files)
  const file = join(files, 'data')
  writeFileSync(file, now)
  const { dev, ino } = statSync(file, { bigint: true })
  writeFileSync(join(logs, `${dev}-${ino}`), Buffer.concat(log))
  undo(files, logs)
  return readFileSync(file, 'utf8')
}

test('writes are taken back from the last to the first, also where they lengthened the file', () => {
  expect(undone('aXYZe!!', record(1, 2, 5, 'bc'), record(2, 2, 5, 'Yd'), record(5, 2, 5, ''))).toBe('abcde')
})

test('what a synchronous write made durable stays, whatever was there before', () => {
  expect(undone('aSSbb', record(0, 5, 3, 'xyz'), record(1, 2, 5, 'yz', true))).toBe('xSS')
})

test('a record cut short belongs to a write that had not begun', () => {
  expect(undone('abc', record(0, 3, 3, 'xyz').subarray(0, 50))).toBe('abc')
})
