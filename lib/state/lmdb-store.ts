import { statfs } from 'node:fs/promises'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import {
  checkJournalEnd,
  checkLength,
  checkTransaction,
  readMark,
  removeMark,
} from './environment/closing-mark.ts'
import { dataBytes } from './environment/data-file.ts'
import { DiskReserve, type DiskRoom } from './environment/disk-reserve.ts'
import { makeFolder, openForWriting } from './environment/environment.ts'
import { finishExchange, isExchanging } from './environment/exchange-folder.ts'
import { lockForWriting } from './environment/writer-lock.ts'
import { journalEndIn } from './journal/segment-file.ts'
import { type LmdbStore, LmdbWriter } from './lmdb-writer.ts'

export type { LmdbStore } from './lmdb-writer.ts'

export interface LmdbStoreOptions {
  readonly clock?: WallClock
  /** Names a new store; a random UUID unless given. */
  readonly newEpoch?: () => string
  /** Room on the disk, asked about once a second under load; `statfs` of the folder unless given. */
  readonly diskRoom?: () => Promise<DiskRoom>
  /** Commits wait below this many free bytes, 64 MiB unless given, or below `reserveShare` of the disk. */
  readonly reserveBytes?: number
  /** 0.05 unless given. */
  readonly reserveShare?: number
  /**
   * A data file up to this many bytes is read through and checked when it is opened, 256 MiB unless given:
   * about a second a gigabyte. Rows of a larger one are checked as they are read.
   */
  readonly checkUpToBytes?: number
  /**
   * Called with the rows that have been rewritten, from 0 on, when the store is of an earlier format. It is
   * rewritten before `lmdbStore` returns: about 40,000 rows a second.
   */
  readonly onUpgrade?: (rows: number, of: number) => void
}

/**
 * Opens the store in folder `path` for writing and makes it when there is none. Throws `StoreInUse` while
 * another process writes it, `FormatNotKnown` when a newer tidemark made it, and `StoreDamaged` when what
 * is there is not what was written.
 */
export const lmdbStore = (path: string, options: LmdbStoreOptions = {}): LmdbStore => {
  finishExchange(path)
  makeFolder(path)
  const unlock = lockForWriting(path)
  try {
    if (isExchanging(path)) {
      throw new Error(`store path "${path}": a backup is being restored there; start again when that is done`)
    }
    const mark = readMark(path)
    if (mark) {
      checkLength(path, mark, dataBytes(path))
      checkJournalEnd(path, mark, journalEndIn(path))
    }
    const environment = openForWriting(path, {
      newEpoch: options.newEpoch,
      check: { upToBytes: options.checkUpToBytes, checksums: true },
      upgrading: options.onUpgrade ? { onRows: options.onUpgrade } : {},
      opened(transaction) {
        if (mark) checkTransaction(path, mark, transaction)
        removeMark(path)
      },
    })
    try {
      const { clock = systemClock, diskRoom: room = () => roomAt(path) } = options
      const reserve = new DiskReserve({ ...options, path, clock, room })
      return new LmdbWriter(path, environment, reserve, unlock)
    } catch (error) {
      void environment.root.close()
      throw error
    }
  } catch (error) {
    unlock()
    throw error
  }
}

const roomAt = async (path: string): Promise<DiskRoom> => {
  const { bavail, blocks, bsize } = await statfs(path)
  return { free: bavail * bsize, total: blocks * bsize }
}
