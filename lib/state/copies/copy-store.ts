import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { seconds } from '../../time/duration.ts'
import { systemClock, type WallClock } from '../../time/wall-clock.ts'
import { checkJournalEnd, readMark, writeMark } from '../environment/closing-mark.ts'
import { dataBytes } from '../environment/data-file.ts'
import { type Environment, lastTransaction, makeFolder, openForCopying } from '../environment/environment.ts'
import { reusableBytes } from '../environment/reusable-bytes.ts'
import { checkStore } from '../environment/store-check.ts'
import { JournalReader } from '../journal/journal-reader.ts'
import { journalEndIn, readSegments, requireComplete } from '../journal/segment-file.ts'
import { LmdbReader } from '../lmdb-reader.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { decodeJournalNote, journalNote } from '../rows/journal-note.ts'
import { noteKey } from '../rows/row-keys.ts'
import { settleFolder } from './folder-contents.ts'

/** How far copying a store has got. */
export type CopyProgress =
  | { readonly step: 'copying'; readonly bytes: number; readonly of: number }
  | { readonly step: 'checking'; readonly rows: number }

export interface CopyOptions {
  /** Told about four times a second while it copies, and every few thousand rows while it checks. */
  readonly onProgress?: (progress: CopyProgress) => void
  readonly clock?: WallClock
}

/** What a copied store holds. */
export interface StoreCopy {
  /** Length of its data file. */
  readonly bytes: number
  /** Rows in all its databases, each read back and found whole. */
  readonly rows: number
}

/**
 * Writes the store in folder `path`, open as `environment`, as it is at this moment, without the pages that
 * hold nothing, to the new folder `target`, and reads every row of the copy back. Another process may write
 * the store meanwhile. Throws `StoreDamaged` when a row is not what was written; leaves nothing behind when
 * it throws.
 */
export const copyStore = async (
  path: string,
  environment: Environment,
  target: string,
  { onProgress = () => {}, clock = systemClock }: CopyOptions = {},
): Promise<StoreCopy> => {
  const of = usedBytes(environment)
  await requireRoom(target, of)
  rmSync(target, { recursive: true, force: true })
  makeFolder(target)
  let isCopying = true
  const tell = (): void => {
    if (!isCopying) return
    onProgress({ step: 'copying', bytes: dataBytes(target), of })
    clock.after(seconds(0.25), tell)
  }
  try {
    tell()
    await copyFiles(path, environment, target)
    isCopying = false
    const rows = await checkCopy(target, (checked) => onProgress({ step: 'checking', rows: checked }))
    settleFolder(target)
    return { bytes: dataBytes(target), rows }
  } catch (error) {
    isCopying = false
    rmSync(target, { recursive: true, force: true })
    throw error
  }
}

/**
 * Copies the tables, then the journal. A writer deletes the journal files that it has saved, perhaps in
 * between: then both are copied again. Throws `StoreDamaged` when the copy has a gap each time.
 */
const copyFiles = async (path: string, environment: Environment, target: string): Promise<void> => {
  for (let tries = 1; ; tries++) {
    await environment.root.backup(target, true)
    chmodSync(join(target, 'data.mdb'), 0o600)
    try {
      return await copyJournal(path, target)
    } catch (error) {
      if (!(error instanceof StoreDamaged) || tries === mostTries) throw error
      rmSync(target, { recursive: true })
      makeFolder(target)
    }
  }
}

/** Throws `StoreDamaged` when the journal does not begin where the copied tables end, or has lost its end. */
const copyJournal = async (path: string, target: string): Promise<void> => {
  const mark = readMark(path)
  const segments = readSegments(path)
  for (const { file, bytes, end } of segments) {
    if (end > 0) writeFileSync(join(target, file), bytes.subarray(0, end), { mode: 0o600 })
  }
  const tables = openForCopying(target)
  try {
    requireComplete(path, segments, decodeJournalNote(tables.notes.get(noteKey(journalNote))))
    if (mark) checkJournalEnd(path, mark, segments.at(-1))
  } finally {
    await tables.root.close()
  }
}

const mostTries = 5

/** Checks a copy row by row, and notes beside it where it ends. */
const checkCopy = async (path: string, onRows: (rows: number) => void): Promise<number> => {
  let rows = checkStore(path, { upToBytes: Number.POSITIVE_INFINITY, checksums: true, onRows })
  const copy = openForCopying(path)
  try {
    for (const _ of new LmdbReader(copy, new JournalReader(path)).readJournal()) rows++
    onRows(rows)
    writeMark(path, {
      transaction: lastTransaction(copy),
      bytes: dataBytes(path),
      journal: journalEndIn(path),
    })
    return rows
  } finally {
    await copy.root.close()
  }
}

const usedBytes = (environment: Environment): number => {
  const { lastPageNumber, pageSize } = environment.root.getStats() as {
    lastPageNumber: number
    pageSize: number
  }
  return (lastPageNumber + 1) * pageSize - reusableBytes(environment)
}

const requireRoom = async (target: string, bytes: number): Promise<void> => {
  const folder = nearestFolder(dirname(target))
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize > bytes) return
  throw new Error(
    `"${folder}" has ${megabytes(bavail * bsize)} free, and the copy takes ${megabytes(bytes)}: free some ` +
      'space, or name another place',
  )
}

const nearestFolder = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() || dirname(path) === path
    ? path
    : nearestFolder(dirname(path))

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
