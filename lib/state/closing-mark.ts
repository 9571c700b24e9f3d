import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from './frame.ts'

/**
 * A clean close leaves the number of the last transaction beside the data file. LMDB keeps two roots and
 * believes the one with the higher number, so a damaged number would bring back an older state that is whole
 * in itself; only a second witness tells.
 */
export const markClosed = (path: string, transaction: number): void => {
  const file = openSync(join(path, markFile), 'w', 0o600)
  try {
    writeFileSync(file, String(transaction))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Compares the mark with `transaction`, the last one in the data file. No mark, no opinion: it crashed. */
export const checkMark = (path: string, transaction: number): void => {
  let mark: string
  try {
    mark = readFileSync(join(path, markFile), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (mark !== '' && mark !== String(transaction)) {
    throw new StoreDamaged(
      `store path "${path}": closed after transaction ${mark}, and the data file ends at ${transaction}; ` +
        'restore the data folder from a backup. If the file is as you want it, remove "closed-at" there',
    )
  }
}

/** Removes the mark for good, before the first write: after a power cut it must not speak of the past. */
export const removeMark = (path: string): void => {
  rmSync(join(path, markFile), { force: true })
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

const markFile = 'closed-at'
