import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { open } from 'lmdb'
import { StoreDamaged } from '../rows/frame.ts'
import { keyBytes, valueBytes } from '../rows/row-bytes.ts'
import { dataBytes, dataFile } from './data-file.ts'
import type { RootDatabase } from './database.ts'
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
import { Table } from './table.ts'
import { upgradeFormat } from './upgrade-format.ts'

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
}

/**
 * Opens the environment for writing, makes it when there is none, and brings a store of an earlier format up
 * to this one.
 */
export const openForWriting = (
  path: string,
  { newEpoch = randomUUID, check = {}, opened = () => {} }: OpenForWriting = {},
): Environment => openEnvironment(path, { readOnly: false, newEpoch, check, opened })

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
 * rows are read.
 */
export const openForReading = (path: string, check: StoreCheck = {}): Environment => {
  if (!existsSync(join(path, dataFile))) finishExchange(path)
  if (!existsSync(join(path, dataFile))) {
    throw new Error(`store path "${path}": no store there; name the folder of a store or of a backup`)
  }
  const newEpoch = (): never => {
    throw new Error(`store path "${path}": the store there has not been written yet; try again in a moment`)
  }
  return openEnvironment(path, { readOnly: true, newEpoch, check, opened: () => {} })
}

interface OpenEnvironment {
  readonly readOnly: boolean
  readonly newEpoch: () => string
  readonly check: StoreCheck
  readonly opened: (lastTransaction: number) => void
}

const openEnvironment = (
  path: string,
  { readOnly, newEpoch, check, opened }: OpenEnvironment,
): Environment => {
  if (dataBytes(path) > 0) checkRoots(join(path, dataFile))
  const root = openRoot(path, readOnly)
  quietFailures(root)
  try {
    // The statistics open a read transaction, which lasts for this turn of the event loop.
    root.getStats()
    checkStore(path, check)
    const names = namesIn(root)
    const optionalTable = (name: string): Table | undefined => {
      const options = { name, encoding: 'binary', encoder: valueBytes, keyEncoder: keyBytes } as const
      const database = root.openDB(options)
      return database && new Table(path, name, database)
    }
    const table = (name: string): Table => {
      const found = optionalTable(name)
      if (!found) throw new Error(`store path "${path}": not a tidemark store; it has no database "${name}"`)
      return found
    }
    // A store that this version cannot read is refused before anything else is said of it, or written to it.
    if (names.includes('facts')) checkFormat(path, table('facts'))
    opened(lastTransaction({ root }))
    const facts = table('facts')
    const format = checkFormat(path, facts)
    const journal = names.includes('journal') ? table('journal') : undefined
    const states = table('states')
    const due = optionalTable('due')
    const [outbox, notes] = [table('outbox'), table('notes')]
    const known = [facts, journal, states, due, outbox, notes]
    const others = names.filter((name) => !known.some((one) => one?.name === name)).map((name) => table(name))
    const tables = { root, facts, journal, states, due, outbox, notes, others }
    if (format === undefined) newFacts(facts, newEpoch())
    else if (!readOnly) upgradeFormat(tables, path, format)
    else if (format < earliestReadable) throw new FormatOutdated(path, format)
    return { ...tables, ...readFacts(facts) }
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

/** Databases are named by the keys of the main one, each ended by a zero byte. */
const namesIn = (root: RootDatabase): string[] =>
  [...root.getKeys()].map((key) =>
    Buffer.from(key as unknown as Uint8Array)
      .toString()
      .replace(/\0$/, ''),
  )
