import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The JetStream stream that a tidemark command publishes to. */
export const streamName = 'tidemark'

/** Where in the data folder the store is. */
export const storeFolder = (data: string): string => join(data, 'store')

/**
 * The same, of a data folder that has been used.
 * @throws Error that says how to make or find one when it has not.
 */
export const existingStoreFolder = (data: string): string => {
  const folder = storeFolder(data)
  if (existsSync(folder)) return folder
  throw new Error(
    `there is no data in ${data} yet: run "tidemark start" there first, or name the folder with --data`,
  )
}
