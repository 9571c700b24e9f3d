import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isExchanging } from '../lib/state/environment/exchange-folder.ts'

/**
 * The folder of a backup.
 * @throws Error in words when there is none, with those one level below.
 */
export const existingBackup = (folder: string): string => {
  const path = resolve(folder)
  if (isBackup(path)) return path
  const below = foldersIn(path).filter(isBackup)
  throw new Error(
    `there is no backup in ${path}: name a folder that "tidemark backup" made` +
      (below.length > 0 ? `, such as ${below.join(', ')}` : ''),
  )
}

const isBackup = (folder: string): boolean => existsSync(join(folder, 'data.mdb')) || isExchanging(folder)

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
