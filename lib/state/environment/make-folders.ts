import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes the folder `path` with all above it that is missing, open to nobody but its owner, and returns the
 * first that it made. Level by level: where nothing can be made, as below /proc, `mkdir` of all of them at
 * once never returns in Node 20.
 */
export const makeFolders = (path: string): string | undefined => {
  const missing: string[] = []
  for (let level = resolve(path); !existsSync(level); level = dirname(level)) missing.unshift(level)
  for (const level of missing) mkdirSync(level, { mode: 0o700 })
  // Fails, and says that there is a file.
  if (!statSync(path).isDirectory()) mkdirSync(path)
  return missing[0]
}
