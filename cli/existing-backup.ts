import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isExchanging } from '../lib/state/environment/exchange-folder.ts'
import { storeFolder } from './data-folder.ts'

/**
 * The folder of a backup.
 * @throws Error in words when there is none, with those one level below.
 */
export const existingBackup = (folder: string): string => {
  if (isStore(folder)) return resolve(folder)
  throw new Error(
    `there is no backup in ${resolve(folder)}: name a folder that "tidemark backup" made${thoseBelow(folder)}`,
  )
}

/**
 * The folder of a store: of a data folder the one inside, of a store or a backup itself.
 * @throws Error in words when there is none, with those one level below.
 */
export const existingStore = (folder: string): string => {
  const found = [storeFolder(folder), folder].find(isStore)
  if (found !== undefined) return resolve(found)
  throw new Error(
    `there is no store in ${resolve(folder)}: name a data folder, a store or a backup${thoseBelow(folder)}`,
  )
}

const isStore = (folder: string): boolean => existsSync(join(folder, 'data.mdb')) || isExchanging(folder)

const thoseBelow = (folder: string): string => {
  const below = foldersIn(resolve(folder)).filter(isStore)
  return below.length > 0 ? `, such as ${below.join(', ')}` : ''
}

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
