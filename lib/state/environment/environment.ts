import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { open } from 'lmdb'
import { StoreDamaged } from '../rows/frame.ts'
import { dataBytes, dataFile } from './data-file.ts'
import type { RootDatabase } from './database.ts'
import { Databases } from './databases.ts'
import { finishExchange } from './exchange-folder.ts'
import { makeFolders } from './make-folders.ts'
import { checkRoots } from './pages/page-check.ts'
import { quietFailures } from './quiet-failures.ts'
import { checkStore, type StoreCheck } from './store-check.ts'
import {
  checkFormat,
  earliestReadable,
  type Facts,
  FormatOutdated,
  newFacts,
  readFacts,
} from './store-format.ts'
import type { StoreTables } from './store-tables.ts'
import { syncFolder } from './sync-folder.ts'
import { type UpgradeOptions, upgradeFormat } from './upgrade-format.ts'

/** A store that is open, with what it says of itself. */
export interface Environment extends StoreTables, Facts {}

/**
 * Address space set aside at first. LMDB doubles it when the file outgrows it; no memory or disk is taken.
 */
const mapBytes = 2 ** 30

export interface OpenForWriting {
  /** Names a new store; a random UUID unless given. */
  readonly newEpoch?: (() => string) | undefined
  /** What is checked before rows are read. */
  readonly check?: StoreCheck
  /** Told the number of the last transaction before anything is written. What it throws closes it again. */
  readonly opened?: (lastTransaction: number) => void
  /** How a store of an earlier format is rewritten. */
  readonly upgrading?: UpgradeOptions
}

/**
 * Opens the environment for writing, makes it when there is none, and brings a store of an earlier format up
 * to this one.
 */
export const openForWriting = (
  path: string,
  { newEpoch = randomUUID, check = {}, opened = () => {}, upgrading = {} }: OpenForWriting = {},
): Environment => {
  const prepare: Prepare = (found, format) => {
    if (format === undefined) newFacts(found.open('facts'), newEpoch())
    else upgradeFormat(found, path, format, upgrading)
  }
  return openEnvironment(path, { readOnly: false, check, opened, prepare })
}

/** Makes the folder of a store. Only its owner may enter. */
export const makeFolder = (path: string): void => {
  const first = makeFolders(path)
  chmodSync(path, 0o700)
  if (first !== undefined) syncFolder(dirname(first))
}

/** Number of the last transaction in the data file. */
export const lastTransaction = ({ root }: Pick<Environment, 'root'>): number =>
  (root.getStats() as { lastTxnId: number }).lastTxnId

/**
 * Opens the environment for reading, also while another process writes. `check` is what is checked before
 * rows are read. Throws `FormatOutdated` when its rows are not those of today.
 */
export const openForReading = (path: string, check: StoreCheck = {}): Environment =>
  openReadOnly(path, check, earliestReadable)

/** The same for a store of any format: its rows are only to be copied. */
export const openForCopying = (path: string, check: StoreCheck = {}): Environment =>
  openReadOnly(path, check, 1)

const openReadOnly = (path: string, check: StoreCheck, earliest: number): Environment => {
  if (!existsSync(join(path, dataFile))) finishExchange(path)
  if (!existsSync(join(path, dataFile))) {
    throw new Error(`store path "${path}": no store there; name the folder of a store or of a backup`)
  }
  const prepare: Prepare = (_, format) => {
    if (format === undefined) {
      throw new Error(`store path "${path}": the store there has not been written yet; try again in a moment`)
    }
    if (format < earliest) throw new FormatOutdated(path, format)
  }
  return openEnvironment(path, { readOnly: true, check, opened: () => {}, prepare })
}

/** Brings what was found to the format it is to have. `format` is undefined when it is new. */
type Prepare = (found: Databases, format: number | undefined) => void

interface OpenEnvironment {
  readonly readOnly: boolean
  readonly check: StoreCheck
  readonly opened: (lastTransaction: number) => void
  readonly prepare: Prepare
}

const openEnvironment = (
  path: string,
  { readOnly, check, opened, prepare }: OpenEnvironment,
): Environment => {
  if (dataBytes(path) > 0) checkRoots(join(path, dataFile))
  const root = openRoot(path, readOnly)
  quietFailures(root)
  try {
    // The statistics open a read transaction, which lasts for this turn of the event loop.
    root.getStats()
    checkStore(path, check)
    const databases = new Databases(path, root)
    // A store that this version cannot read is refused before anything else is said of it, or written to it.
    const found = databases.find('facts')
    if (found) checkFormat(path, found)
    opened(lastTransaction({ root }))
    prepare(databases, checkFormat(path, databases.open('facts')))
    const facts = readFacts(databases.open('facts'))
    return { ...databases.tables(facts.format), ...facts }
  } catch (error) {
    void root.close()
    throw error
  }
}

/** Throws `StoreDamaged` when LMDB does not take the file for one of its own. */
const openRoot = (path: string, readOnly: boolean): RootDatabase => {
  try {
    return open({
      path,
      noSubdir: false,
      readOnly,
      mapSize: mapBytes,
      // One commit is in flight at a time, so overlapping the next with this one's flush would gain nothing,
      // and a flush that fails would be reported for a transaction that readers already see.
      overlappingSync: false,
      // Batching by event turn wraps each batch in another one whose promise nobody holds; when the write
      // fails, that promise is rejected too and ends the process.
      eventTurnBatching: false,
      encoding: 'binary',
      keyEncoding: 'binary',
    })
  } catch (error) {
    const { message } = error as Error
    if (!message.startsWith('MDB_')) throw error
    throw new StoreDamaged(
      `store path "${path}": LMDB cannot open the data file: ${message}. Restore the data folder from a backup, ` +
        'or move it away to begin with an empty store',
    )
  }
}
