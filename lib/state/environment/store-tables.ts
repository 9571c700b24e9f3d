import type { RootDatabase } from './database.ts'
import type { Table } from './table.ts'

/** The LMDB environment of a store and its databases. */
export interface StoreTables {
  readonly root: RootDatabase
  readonly facts: Table
  /** The journal of formats 1 and 2; empty or missing since. */
  readonly journal: Table | undefined
  readonly states: Table
  /** Missing in a store that was written before there were due rows, when it is only copied. */
  readonly due: Table | undefined
  readonly outbox: Table
  readonly notes: Table
  /** Databases that this version does not know: a later one has added them. */
  readonly others: readonly Table[]
}

/** Names of the databases whose keys another format has otherwise. */
export interface KeyedNames {
  readonly states: string
  readonly due: string
}

/**
 * Formats 1 to 3 had other names than those since, so that an upgrade can leave the old rows whole until the
 * new ones are.
 */
export const keyedNames = (format: number): KeyedNames =>
  format <= 3 ? { states: 'states', due: 'due' } : { states: 'actors', due: 'timers' }
