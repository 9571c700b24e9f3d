import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { recordingEndings } from './read-file.ts'

export interface RecordedFiles {
  readonly files: readonly string[]
  /** Of all of them together. */
  readonly bytes: number
}

/**
 * The recorded file at `path`, or those in the folder at `path` and in the folders within it, by name.
 * @throws Error in words when there is none.
 */
export const recordedFiles = (path: string): RecordedFiles => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new Error(`there is no ${path}: name a file or a folder with recordings`)
  const files = found.isDirectory() ? filesIn(path) : [path]
  if (files.length === 0)
    throw new Error(`folder ${path} has no file that ends with ${recordingEndings.join(', ')}`)
  return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesIn(path)
      return recordingEndings.includes(extname(entry.name).toLowerCase()) ? [path] : []
    })
