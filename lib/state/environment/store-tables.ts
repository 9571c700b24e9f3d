import type { RootDatabase } from './database.ts'
import type { Table } from './table.ts'

/** The LMDB environment of a store and its databases. */
export interface StoreTables {
  readonly root: RootDatabase
  readonly facts: Table
  readonly journal: Table
  readonly states: Table
  /** Missing in a store that was written before there were due rows, when it is only looked at. */
  readonly due: Table | undefined
  readonly outbox: Table
  readonly notes: Table
  /** Databases that this version does not know: a later one has added them. */
  readonly others: readonly Table[]
}
