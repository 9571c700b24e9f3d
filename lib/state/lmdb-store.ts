import { statfs } from 'node:fs/promises'
import { systemClock, type WallClock } from '../time/wall-clock.ts'
import { checkLength, checkTransaction, readMark, removeMark } from './environment/closing-mark.ts'
import { asking } from './environment/disk-failed.ts'
import { DiskReserve, type DiskRoom } from './environment/disk-reserve.ts'
import { dataBytes, makeFolder, openForWriting } from './environment/environment.ts'
import { finishExchange, isExchanging } from './environment/exchange-folder.ts'
import { checkFreeList } from './environment/free-list-check.ts'
import { checkRecordedLength, RecordedLength } from './environment/recorded-length.ts'
import { reusableBytes } from './environment/reusable-bytes.ts'
import { checkRows } from './environment/store-check.ts'
import { lockForWriting } from './environment/writer-lock.ts'
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
}

/**
 * Opens the store in folder `path` for writing and makes it when there is none. Throws `StoreInUse` while
 * another process writes it, `FormatNotKnown` when a newer tidemark made it, and `StoreDamaged` when what
 * is there is not what was written.
 */
export const lmdbStore = (path: string, options: LmdbStoreOptions = {}): LmdbStore =>
  claimStore(path).open(options)

/** The folder of a store, taken for writing: no other process writes there. */
export interface StoreClaim {
  /** Opens the store as `lmdbStore` does. */
  open(options?: LmdbStoreOptions): LmdbStore
  /** Closes the store if it is open, and gives the folder up. */
  close(): Promise<void>
}

/** Makes folder `path` when it is missing and takes it for writing, without a look at what is there. */
export const claimStore = (path: string): StoreClaim => {
  finishExchange(path)
  makeFolder(path)
  const unlock = lockForWriting(path)
  let store: LmdbStore | undefined
  return {
    open(options = {}) {
      try {
        store = openClaimed(path, options, unlock)
        return store
      } catch (error) {
        unlock()
        throw error
      }
    },
    async close() {
      await store?.close()
      unlock()
    },
  }
}

const openClaimed = (path: string, options: LmdbStoreOptions, unlock: () => void): LmdbStore => {
  if (isExchanging(path)) {
    throw new Error(`store path "${path}": a backup is being restored there; start again when that is done`)
  }
  const mark = readMark(path)
  if (mark) checkLength(path, mark, dataBytes(path))
  checkRecordedLength(path)
  const environment = openForWriting(path, {
    newEpoch: options.newEpoch,
    opened(transaction) {
      if (mark) checkTransaction(path, mark, transaction)
      checkFreeList(path, transaction)
      removeMark(path)
    },
  })
  try {
    const { checkUpToBytes = 256 * 2 ** 20 } = options
    if (dataBytes(path) <= checkUpToBytes) checkRows(environment)
    const { clock = systemClock, diskRoom: room = () => roomAt(path) } = options
    const length = new RecordedLength(path, clock)
    environment.root.on('aftercommit', () => length.update())
    const reusable = (): number => asking(path, () => reusableBytes(environment))
    const reserve = new DiskReserve({ ...options, path, clock, room, reusable })
    return new LmdbWriter(path, environment, reserve, unlock)
  } catch (error) {
    void environment.root.close()
    throw error
  }
}

const roomAt = async (path: string): Promise<DiskRoom> => {
  const { bavail, blocks, bsize } = await statfs(path)
  return { free: bavail * bsize, total: blocks * bsize }
}
