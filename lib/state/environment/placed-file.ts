import { statSync } from 'node:fs'
import { join } from 'node:path'
import { dataFile } from './data-file.ts'
import { lockFile } from './writer-lock.ts'

/**
 * A file of an open store, at its place. One that is deleted or moved away while it is open takes writes and
 * syncs as before, and all of them are gone with the process.
 */
export class PlacedFile {
  private readonly path: string
  private readonly name: string
  private readonly remedy: string
  private readonly opened: string

  constructor(path: string, name: string, remedy: string) {
    this.path = path
    this.name = name
    this.remedy = remedy
    this.opened = this.identity()
  }

  /** Throws when another file, or none, is where the one was that is open. */
  require(): void {
    if (this.identity() === this.opened) return
    throw new Error(
      `store path "${this.path}": ${this.name} was deleted, moved or replaced while it was open, and nothing ` +
        `more is acknowledged. ${this.remedy}`,
    )
  }

  /** No other file has the same while this one is open. */
  private identity(): string {
    const found = statSync(join(this.path, this.name), { bigint: true, throwIfNoEntry: false })
    return found ? `${found.dev} ${found.ino}` : 'none'
  }
}

/**
 * To be called when the store at `path` is open and locked. Returns what is to be asked around each write: it
 * throws when the data file is no longer at its place, or the lock that keeps other processes out.
 */
export const requirePlacesOf = (path: string): (() => void) => {
  const data = new PlacedFile(
    path,
    dataFile,
    'Put it back, or restore the data folder from a backup, and start again',
  )
  const lock = new PlacedFile(
    path,
    lockFile,
    'Another process may write the store by now: make sure that none does, and start again',
  )
  return () => {
    data.require()
    lock.require()
  }
}
