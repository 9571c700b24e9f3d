import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { dataBytes } from '../environment/data-file.ts'
import { openForCopying } from '../environment/environment.ts'
import { syncFolder } from '../environment/sync-folder.ts'
import { lastPosition } from '../last-position.ts'
import { type CopyOptions, copyStore, type StoreCopy } from './copy-store.ts'
import { isVacant } from './folder-contents.ts'

export interface BackupOptions extends CopyOptions {
  /** An earlier backup at the same place is replaced, once the new one is whole. */
  readonly force?: boolean
}

export interface Backup extends StoreCopy {
  /** Absolute path of its folder, which is a store: it can be inspected, and restored. */
  readonly path: string
  readonly epoch: string
  /** The last position it includes. */
  readonly position: number
}

/**
 * Backs the store in folder `store` up into the new folder `target`, also while another process writes it:
 * all of one moment, every row read back. The folder appears when it is whole. Throws when something is there
 * already.
 */
export const backupStore = async (
  store: string,
  target: string,
  { force = false, ...options }: BackupOptions = {},
): Promise<Backup> => {
  const path = resolve(target)
  requirePlace(resolve(store), path, force)
  const environment = openForCopying(store, { upToBytes: Number.POSITIVE_INFINITY })
  const partial = `${path}.partial`
  try {
    const copy = await copyStore(store, environment, partial, options)
    rmSync(path, { recursive: true, force: true })
    renameSync(partial, path)
    syncFolder(dirname(path))
    const { epoch, position } = await readCopied(path)
    return { path, ...copy, epoch, position }
  } finally {
    await environment.root.close()
  }
}

/** The writer may be further by now: the position is that of the copy. */
const readCopied = async (path: string): Promise<Pick<Backup, 'epoch' | 'position'>> => {
  const copy = openForCopying(path)
  try {
    return { epoch: copy.epoch, position: lastPosition(path, copy) }
  } finally {
    await copy.root.close()
    rmSync(`${path}/lock.mdb`, { force: true })
  }
}

const requirePlace = (store: string, target: string, force: boolean): void => {
  if (target === store || target.startsWith(`${store}/`) || store.startsWith(`${target}/`)) {
    throw new Error(`backup "${target}": the store itself is in "${store}"; name a folder elsewhere`)
  }
  if (existsSync(target) && isVacant(target)) return
  if (!existsSync(target)) return
  if (dataBytes(target) === 0) {
    throw new Error(`backup "${target}": what is there is no backup, and is left alone; name another folder`)
  }
  if (!force) {
    throw new Error(
      `backup "${target}": there is one already; name another folder, or replace it with --force`,
    )
  }
}
