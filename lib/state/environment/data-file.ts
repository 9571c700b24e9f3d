import { statSync } from 'node:fs'
import { join } from 'node:path'

/** The name inside the folder of a store, chosen by LMDB. */
export const dataFile = 'data.mdb'

/** Length of the data file in folder `path`, 0 when there is none. */
export const dataBytes = (path: string): number =>
  statSync(join(path, dataFile), { throwIfNoEntry: false })?.size ?? 0
