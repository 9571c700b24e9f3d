import { moveJournal } from '../journal/move-journal.ts'
import { putFacts } from './store-format.ts'
import type { StoreTables } from './store-tables.ts'

/** Brings a store from one format to the next. */
export interface FormatUpgrade {
  /** The format it starts from. */
  readonly from: number
  /** Synchronous, inside the transaction that also notes the new format: all of it is kept, or nothing. */
  readonly apply: (tables: StoreTables, path: string) => void
}

/**
 * Every change of the format since the first release, oldest first. Entries are never removed: a store may
 * have been asleep for years.
 */
export const formatUpgrades: readonly FormatUpgrade[] = [
  // Rows of state that do not name their fields. Earlier ones are read as they are, and rewritten one by one.
  { from: 1, apply() {} },
  // The journal in files of its own, beside the tables.
  { from: 2, apply: moveJournal },
]

/** Brings the store in folder `path`, which was written in format `from`, to that of today. */
export const upgradeFormat = (
  tables: StoreTables,
  path: string,
  from: number,
  upgrades: readonly FormatUpgrade[] = formatUpgrades,
): void => {
  for (const upgrade of upgrades) {
    if (upgrade.from < from) continue
    tables.root.transactionSync(() => {
      upgrade.apply(tables, path)
      putFacts(tables.facts, { format: Buffer.from(String(upgrade.from + 1)) })
    })
  }
}
