import { keyBytes, valueBytes } from '../rows/row-bytes.ts'
import type { RootDatabase } from './database.ts'
import { keyedNames, type StoreTables } from './store-tables.ts'
import { Table } from './table.ts'

/** The databases of an LMDB environment, by name. */
export class Databases {
  readonly root: RootDatabase
  private readonly path: string
  private readonly opened = new Map<string, Table>()

  /** @param path The folder of the store, for messages. */
  constructor(path: string, root: RootDatabase) {
    this.path = path
    this.root = root
  }

  /** The database of this name, undefined when there is none. */
  find(name: string): Table | undefined {
    return this.names().includes(name) ? this.open(name) : undefined
  }

  /** The same, made when there is none. Throws when nothing may be written. */
  open(name: string): Table {
    const table = this.openIfAllowed(name)
    if (table) return table
    throw new Error(`store path "${this.path}": not a tidemark store; it has no database "${name}"`)
  }

  /** Deletes a database with all of its rows. To be called inside a transaction. */
  drop(name: string): void {
    this.find(name)?.database.dropSync()
    this.opened.delete(name)
  }

  /** All of them, as a store of this format has them. */
  tables(format: number): StoreTables {
    const { states, due } = keyedNames(format)
    const known = ['facts', 'journal', states, due, 'outbox', 'notes']
    const others = this.names().filter((name) => !known.includes(name))
    return {
      root: this.root,
      facts: this.open('facts'),
      journal: this.find('journal'),
      states: this.open(states),
      due: this.openIfAllowed(due),
      outbox: this.open('outbox'),
      notes: this.open('notes'),
      others: others.map((name) => this.open(name)),
    }
  }

  private openIfAllowed(name: string): Table | undefined {
    const known = this.opened.get(name)
    if (known) return known
    const options = { name, encoding: 'binary', encoder: valueBytes, keyEncoder: keyBytes } as const
    const database = this.root.openDB(options)
    if (!database) return undefined
    const table = new Table(this.path, name, database)
    this.opened.set(name, table)
    return table
  }

  /** Databases are named by the keys of the main one, each ended by a zero byte. */
  private names(): string[] {
    return [...this.root.getKeys()].map((key) =>
      Buffer.from(key as unknown as Uint8Array)
        .toString()
        .replace(/\0$/, ''),
    )
  }
}
