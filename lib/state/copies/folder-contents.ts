import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../environment/sync-folder.ts'

/** Whether nothing is in the way at `path`: no folder, or an empty one. */
export const isVacant = (path: string): boolean => !existsSync(path) || readdirSync(path).length === 0

/** Flushes the files of a folder and its entries, and leaves out the lock that LMDB makes anew. */
export const settleFolder = (path: string): void => {
  rmSync(join(path, 'lock.mdb'), { force: true })
  for (const name of readdirSync(path)) {
    const file = openSync(join(path, name), 'r')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  syncFolder(path)
}
