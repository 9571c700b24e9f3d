import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner can read, whole or not at all, whatever mode an earlier one had. */
export const writePrivateFile = (file: string, text: string): void => {
  const unfinished = `${file}.new`
  rmSync(unfinished, { force: true })
  writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx' })
  renameSync(unfinished, file)
}
