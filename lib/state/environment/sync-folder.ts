import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes the names in a folder durable: a file that was made or removed there stays so after a power cut. */
export const syncFolder = (path: string): void => {
  // Windows opens no folder, and keeps its names in a journal of its own.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
