import { statSync } from 'node:fs'
import { join } from 'node:path'
import { dataFile } from './environment.ts'

/**
 * The data file at its place. A file that is deleted or moved away while it is open takes writes and syncs as
 * before, and all of them are gone with the process.
 */
export class PlacedFile {
  private readonly path: string
  private readonly opened: string

  constructor(path: string) {
    this.path = path
    this.opened = identityOf(path)
  }

  /** Throws when another file, or none, is where the one was that is open. */
  check(): void {
    if (identityOf(this.path) === this.opened) return
    throw new Error(
      `store path "${this.path}": ${dataFile} was deleted, moved or replaced while it was open, and nothing ` +
        'more is acknowledged. Put it back, or restore the data folder from a backup, and start again',
    )
  }
}

const identityOf = (path: string): string => {
  const found = statSync(join(path, dataFile), { bigint: true, throwIfNoEntry: false })
  return found ? `${found.dev} ${found.ino}` : 'none'
}
