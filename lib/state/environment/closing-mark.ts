import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from '../rows/frame.ts'
import { syncFolder } from './sync-folder.ts'

/**
 * What a clean close leaves beside the data file: where it ended. LMDB keeps two roots and believes the one
 * with the higher number, so a damaged number would bring back an older state that is whole in itself; and a
 * file that lost its end makes the system kill whoever reads there. A second witness tells both.
 */
export interface ClosingMark {
  /** Number of the last transaction. */
  readonly transaction: number
  /** Length of the data file. */
  readonly bytes: number
}

export const writeMark = (path: string, { transaction, bytes }: ClosingMark): void => {
  const file = openSync(join(path, markFile), 'w', 0o600)
  try {
    writeFileSync(file, `${transaction} ${bytes}\n`)
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
  const found = /^(\d+) (\d+)\n$/.exec(text)
  return found ? { transaction: Number(found[1]), bytes: Number(found[2]) } : undefined
}

/** To be asked before the data file is opened. Throws `StoreDamaged` when it is shorter than it was. */
export const checkLength = (path: string, mark: ClosingMark, bytes: number): void => {
  if (bytes >= mark.bytes) return
  throw new StoreDamaged(
    `store path "${path}": the data file has ${bytes} bytes and had ${mark.bytes}; ${remedy}`,
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

const remedy = `restore the data folder from a backup, or, if the file is as you want it, remove "${markFile}" there`
