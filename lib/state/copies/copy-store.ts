import { chmodSync, rmSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { seconds } from '../../time/duration.ts'
import { systemClock, type WallClock } from '../../time/wall-clock.ts'
import { writeMark } from '../environment/closing-mark.ts'
import {
  dataBytes,
  type Environment,
  lastTransaction,
  makeFolder,
  openForReading,
} from '../environment/environment.ts'
import { reusableBytes } from '../environment/reusable-bytes.ts'
import { checkRows } from '../environment/store-check.ts'
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
 * Writes the store as it is at this moment, without the pages that hold nothing, to the new folder `target`,
 * and reads every row of the copy back. Another process may write the store meanwhile. Throws `StoreDamaged`
 * when a row is not what was written; leaves nothing behind when it throws.
 */
export const copyStore = async (
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
    await environment.root.backup(target, true).finally(() => {
      isCopying = false
    })
    chmodSync(join(target, 'data.mdb'), 0o600)
    const rows = await checkCopy(target, (checked) => onProgress({ step: 'checking', rows: checked }))
    settleFolder(target)
    return { bytes: dataBytes(target), rows }
  } catch (error) {
    rmSync(target, { recursive: true, force: true })
    throw error
  }
}

/** Checks a copy row by row, and notes beside it where it ends. */
const checkCopy = async (path: string, onRows: (rows: number) => void): Promise<number> => {
  const copy = openForReading(path)
  try {
    const rows = checkRows(copy, onRows)
    writeMark(path, { transaction: lastTransaction(copy), bytes: dataBytes(path) })
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
