import { moveJournal } from '../journal/move-journal.ts'
import { groupRows } from '../upgrades/group-rows.ts'
import type { Databases } from './databases.ts'
import { putFacts } from './store-format.ts'

export interface UpgradeOptions {
  /** Called before the first row is copied, after each transaction that copies some, and within the last. */
  readonly onRows?: (rows: number, of: number) => void
  /** Rows copied in one transaction at the most, but for those of one actor; 16,384 unless given. */
  readonly rowsAtOnce?: number
  /** Free bytes on the disk of a folder; those that the system tells unless given. */
  readonly freeBytes?: (path: string) => number
}

/** Brings a store from one format to the next. */
export interface FormatUpgrade {
  /** The format it starts from. */
  readonly from: number
  /**
   * Writes what the next format needs beside what is there, in transactions of its own. A crash in between
   * leaves the store in the format that it had, and this is called again.
   */
  readonly prepare?: (databases: Databases, path: string, options: UpgradeOptions) => void
  /** Synchronous, inside the transaction that also notes the new format: all of it is kept, or nothing. */
  readonly apply: (databases: Databases, path: string, options: UpgradeOptions) => void
}

/**
 * Every change of the format since the first release, oldest first. Entries are never removed: a store may
 * have been asleep for years.
 */
export const formatUpgrades: readonly FormatUpgrade[] = [
  // Rows of state that do not name their fields. Earlier ones are rewritten with those of format 3.
  { from: 1, apply() {} },
  // The journal in files of its own, beside the tables.
  { from: 2, apply: moveJournal },
  // Rows by key group, a row for each actor beside those of its states.
  { from: 3, ...groupRows },
]

/** Brings the store in folder `path`, which was written in format `from`, to that of today. */
export const upgradeFormat = (
  databases: Databases,
  path: string,
  from: number,
  options: UpgradeOptions = {},
  upgrades: readonly FormatUpgrade[] = formatUpgrades,
): void => {
  for (const upgrade of upgrades) {
    if (upgrade.from < from) continue
    upgrade.prepare?.(databases, path, options)
    databases.root.transactionSync(() => {
      upgrade.apply(databases, path, options)
      putFacts(databases.open('facts'), { format: Buffer.from(String(upgrade.from + 1)) })
    })
  }
}
