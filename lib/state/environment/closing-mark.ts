import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from '../rows/frame.ts'
import { syncFolder } from './sync-folder.ts'

/**
 * What a clean close leaves beside the data file: where it and the journal ended. LMDB keeps two roots and
 * believes the one with the higher number, so a damaged number would bring back an older state that is whole
 * in itself; and the end of a journal that was cut looks like a write that a crash cut short.
 */
export interface ClosingMark {
  /** Number of the last transaction. */
  readonly transaction: number
  /** Length of the data file. */
  readonly bytes: number
  /** The last file of the journal; undefined when there was none. */
  readonly journal?: JournalEnd | undefined
}

/** Where a journal ends. */
export interface JournalEnd {
  /** Name of its last file. */
  readonly file: string
  /** Offset behind the last record there. */
  readonly end: number
}

export const writeMark = (path: string, { transaction, bytes, journal }: ClosingMark): void => {
  const file = openSync(join(path, markFile), 'w', 0o600)
  try {
    writeFileSync(file, `${transaction} ${bytes}${journal ? ` ${journal.file} ${journal.end}` : ''}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The mark, or undefined when the store was not closed in order. */
export const readMark = (path: string): ClosingMark | undefined => {
  let text: string
  try {
    text = readFileSync(join(path, markFile), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const found = /^(\d+) (\d+)(?: (\S+) (\d+))?\n$/.exec(text)
  if (!found) return undefined
  const [, transaction, bytes, file, end] = found
  const journal = file === undefined ? undefined : { file, end: Number(end) }
  return { transaction: Number(transaction), bytes: Number(bytes), journal }
}

/** To be asked before the data file is opened. Throws `StoreDamaged` when it is shorter than it was. */
export const checkLength = (path: string, mark: ClosingMark, bytes: number): void => {
  if (bytes >= mark.bytes) return
  throw new StoreDamaged(
    `store path "${path}": the data file has ${bytes} bytes and had ${mark.bytes}; ${remedy}`,
  )
}

/** Throws `StoreDamaged` when the journal, which ends at `journal`, is shorter than it was. */
export const checkJournalEnd = (path: string, mark: ClosingMark, journal: JournalEnd | undefined): void => {
  if (!mark.journal) return
  const { file, end } = mark.journal
  if (journal && (journal.file > file || (journal.file === file && journal.end >= end))) return
  throw new StoreDamaged(
    `store path "${path}": the journal was closed at byte ${end} of ${file}, and ` +
      `${journal ? `ends at byte ${journal.end} of ${journal.file}` : 'is gone'}; ${remedy}`,
  )
}

/** Throws `StoreDamaged` when the data file does not end at the transaction it was closed after. */
export const checkTransaction = (path: string, mark: ClosingMark, transaction: number): void => {
  if (transaction === mark.transaction) return
  throw new StoreDamaged(
    `store path "${path}": closed after transaction ${mark.transaction}, and the data file ends at ` +
      `${transaction}; ${remedy}`,
  )
}

/** Removes the mark for good, before the first write: after a power cut it must not speak of the past. */
export const removeMark = (path: string): void => {
  rmSync(join(path, markFile), { force: true })
  syncFolder(path)
}

const markFile = 'closed-at'

const remedy = `restore the data folder from a backup, or, if the files are as you want them, remove "${markFile}" there`
