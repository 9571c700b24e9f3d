import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** A write that the shim noted, as it lies in a log. */
interface LoggedWrite {
  readonly offset: number
  readonly length: number
  readonly oldLength: number
  readonly oldBytes: Buffer
  /** Made through a synchronous descriptor and returned: it stays. */
  readonly durable: boolean
}

export interface Undone {
  readonly file: string
  readonly writes: number
}

/**
 * What a power cut does to the files under `folder`, once the process is dead: takes back every write that
 * had not been synced, by the logs that the shim kept in `logFolder`, and removes the logs.
 */
export const undo = (folder: string, logFolder: string): Undone[] => {
  const undone: Undone[] = []
  const files = filesByInode(folder)
  for (const name of readdirSync(logFolder)) {
    const log = join(logFolder, name)
    const file = files.get(name)
    if (file !== undefined) undone.push({ file, writes: undoFile(file, parseLog(readFileSync(log))) })
    rmSync(log)
  }
  return undone
}

const filesByInode = (folder: string): Map<string, string> => {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { dev, ino } = statSync(path, { bigint: true })
    files.set(`${dev}-${ino}`, path)
  }
  return files
}

const headerBytes = 48
const magic = 0x54554321n

/** A record cut short at the end belongs to a write that had not begun. */
const parseLog = (log: Buffer): LoggedWrite[] => {
  const writes: LoggedWrite[] = []
  for (let at = 0; at + headerBytes <= log.length; ) {
    if (log.readBigUInt64LE(at) !== magic) throw new Error(`power cut: the log has no record at byte ${at}`)
    const [offset, length, oldLength, kept, state] = [8, 16, 24, 32, 40].map((field) =>
      Number(log.readBigUInt64LE(at + field)),
    ) as [number, number, number, number, number]
    const end = at + headerBytes + kept
    if (end > log.length) break
    const oldBytes = log.subarray(at + headerBytes, end)
    writes.push({ offset, length, oldLength, oldBytes, durable: state === 1 })
    at = end
  }
  return writes
}

/**
 * Restores from the last write to the first, around the bytes that a later synchronous write made durable.
 */
const undoFile = (file: string, writes: readonly LoggedWrite[]): number => {
  const handle = openSync(file, 'r+')
  const durable: LoggedWrite[] = []
  let revoked = 0
  try {
    for (const write of writes.toReversed()) {
      if (write.durable) {
        durable.push(write)
        continue
      }
      revoked++
      ftruncateSync(
        handle,
        Math.max(write.oldLength, ...durable.map(({ offset, length }) => offset + length)),
      )
      for (const { start, end } of outside(write, durable)) {
        writeSync(handle, write.oldBytes, start - write.offset, end - start, start)
      }
    }
  } finally {
    closeSync(handle)
  }
  return revoked
}

/** The parts of what a write overwrote that no durable write covers. */
const outside = (write: LoggedWrite, durable: readonly LoggedWrite[]): { start: number; end: number }[] => {
  let parts = [{ start: write.offset, end: write.offset + write.oldBytes.length }]
  for (const { offset, length } of durable) {
    parts = parts.flatMap(({ start, end }) =>
      [
        { start, end: Math.min(end, offset) },
        { start: Math.max(start, offset + length), end },
      ].filter((part) => part.start < part.end),
    )
  }
  return parts
}
