import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { isExchanging } from '../lib/state/environment/exchange-folder.ts'
import { makeFolders } from '../lib/state/environment/make-folders.ts'
import { commandName } from './command-name.ts'

/** Where in the data folder the store is. */
export const storeFolder = (data: string): string => join(data, 'store')

/**
 * The same, of a data folder that has been used.
 * @throws Error in words when it has not, or may not be looked into.
 */
export const existingStoreFolder = (data: string): string => {
  const folder = storeFolder(data)
  try {
    // What a restore that was cut short has decided is moved there by whoever opens it.
    if (!isExchanging(folder)) accessSync(folder, constants.R_OK | constants.X_OK)
    return folder
  } catch (error) {
    if (codeOf(error) === 'EACCES') throw unusable(folder, 'you may not read there')
    throw new Error(
      `there is no data in ${resolve(data)} yet: run "${commandName} start" there first, or name the folder with --data`,
    )
  }
}

/**
 * Makes the data folder when it is missing, open to nobody else, and gives its absolute path.
 * @throws Error in words when it cannot be written.
 */
export const makeDataFolder = (data: string): string => {
  const folder = resolve(data)
  try {
    makeFolders(folder)
    accessSync(folder, constants.W_OK)
    return folder
  } catch (error) {
    const code = codeOf(error)
    throw unusable(folder, reasons[code] ?? code)
  }
}

const unusable = (folder: string, why: string): Error =>
  new Error(`data folder "${folder}" cannot be used: ${why}; name another one with --data`)

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'it would be inside a file',
  EACCES: 'you may not write there',
  EROFS: 'that disk can only be read',
  ENOENT: 'no folder can be made there',
}
