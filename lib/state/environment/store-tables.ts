import type { RootDatabase } from './database.ts'
import type { Table } from './table.ts'

/** The LMDB environment of a store and its databases. */
export interface StoreTables {
  readonly root: RootDatabase
  readonly facts: Table
  /** The journal of formats 1 and 2; empty or missing since. */
  readonly journal: Table | undefined
  readonly states: Table
  /** Missing in a store that was written before there were due rows, when it is only looked at. */
  readonly due: Table | undefined
  readonly outbox: Table
  readonly notes: Table
  /** Databases that this version does not know: a later one has added them. */
  readonly others: readonly Table[]
}
