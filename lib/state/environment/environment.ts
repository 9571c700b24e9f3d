import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { open } from 'lmdb'
import { keyBytes, valueBytes } from '../rows/row-bytes.ts'
import type { RootDatabase } from './database.ts'
import { finishExchange } from './exchange-folder.ts'
import { makeFolders } from './make-folders.ts'
import { quietFailures } from './quiet-failures.ts'
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

/** The name inside the folder, chosen by LMDB. */
export const dataFile = 'data.mdb'

/** Length of the data file, 0 when there is none. */
export const dataBytes = (path: string): number =>
  statSync(join(path, dataFile), { throwIfNoEntry: false })?.size ?? 0

/**
 * Address space set aside at first. LMDB doubles it when the file outgrows it; no memory or disk is taken.
 */
const mapBytes = 2 ** 30

export interface OpenForWriting {
  /** Names a new store; a random UUID unless given. */
  readonly newEpoch?: (() => string) | undefined
  /** Told the number of the last transaction before anything is written. What it throws closes it again. */
  readonly opened?: (lastTransaction: number) => void
}

/**
 * Opens the environment for writing, makes it when there is none, and brings a store of an earlier format up
 * to this one.
 */
export const openForWriting = (
  path: string,
  { newEpoch = randomUUID, opened = () => {} }: OpenForWriting = {},
): Environment => openEnvironment(path, false, newEpoch, opened)

/** Makes the folder of a store. Only its owner may enter. */
export const makeFolder = (path: string): void => {
  const first = makeFolders(path)
  chmodSync(path, 0o700)
  if (first !== undefined) syncFolder(dirname(first))
}

/** Number of the last transaction in the data file. */
export const lastTransaction = ({ root }: Pick<Environment, 'root'>): number =>
  (root.getStats() as { lastTxnId: number }).lastTxnId

/** Opens the environment for reading, also while another process writes. */
export const openForReading = (path: string): Environment => {
  if (!existsSync(join(path, dataFile))) finishExchange(path)
  if (!existsSync(join(path, dataFile))) {
    throw new Error(`store path "${path}": no store there; name the folder of a store or of a backup`)
  }
  return openEnvironment(path, true, () => {
    throw new Error(`store path "${path}": the store there has not been written yet; try again in a moment`)
  })
}

const openEnvironment = (
  path: string,
  readOnly: boolean,
  newEpoch: () => string,
  opened: (lastTransaction: number) => void = () => {},
): Environment => {
  const root: RootDatabase = open({
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
  quietFailures(root)
  try {
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

/** Databases are named by the keys of the main one, each ended by a zero byte. */
const namesIn = (root: RootDatabase): string[] =>
  [...root.getKeys()].map((key) =>
    Buffer.from(key as unknown as Uint8Array)
      .toString()
      .replace(/\0$/, ''),
  )
