import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder } from './sync-folder.ts'
import { lockFile, lockForWriting } from './writer-lock.ts'

/**
 * Puts the folder `incoming`, flushed, in the place of the store at `path`, which is set aside under the name
 * that is returned. Both are to be locked, and are free when it returns. One rename decides: who is killed
 * before it leaves the old store; who is killed after it the new one, which `finishExchange` moves in.
 */
export const exchangeFolder = (incoming: string, path: string): string | undefined => {
  const decided = decidedFor(path)
  renameSync(incoming, decided)
  syncFolder(dirname(path))
  try {
    return moveIn(path)
  } catch (error) {
    if (holdsFiles(path)) renameSync(decided, incoming)
    throw error
  }
}

/**
 * Finishes an exchange at `path` whose process was killed. To be called before the store there is looked at.
 * Throws `StoreInUse` while that process lives.
 */
export const finishExchange = (path: string): void => {
  if (!isExchanging(path)) return
  let unlock: () => void
  try {
    unlock = lockForWriting(decidedFor(path))
  } catch (error) {
    // Somebody else has finished it meanwhile.
    if (!isExchanging(path)) return
    throw error
  }
  const unlockOld = existsSync(path) ? lockForWriting(path) : () => {}
  try {
    moveIn(path)
  } finally {
    unlockOld()
    unlock()
  }
}

/** Whether an exchange at `path` is decided and not finished. */
export const isExchanging = (path: string): boolean => existsSync(decidedFor(path))

/** Where a store is, whole, that is to be the one at `path`. */
const decidedFor = (path: string): string => `${path}.restored`

const moveIn = (path: string): string | undefined => {
  const setAside = holdsFiles(path) ? vacantBeside(path) : undefined
  if (setAside) renameSync(path, setAside)
  else rmSync(path, { recursive: true, force: true })
  renameSync(decidedFor(path), path)
  syncFolder(dirname(path))
  for (const moved of [path, setAside]) if (moved) rmSync(join(moved, lockFile), { force: true })
  return setAside
}

const holdsFiles = (path: string): boolean =>
  existsSync(path) && readdirSync(path).some((name) => name !== lockFile)

const vacantBeside = (path: string): string => {
  for (let number = 1; ; number++) {
    const beside = `${path}.replaced-${number}`
    if (!existsSync(beside)) return beside
  }
}
