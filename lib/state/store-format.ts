import { StoreDamaged } from './frame.ts'
import { RowBatch } from './row-batch.ts'
import { noteKey } from './row-keys.ts'
import type { Table } from './table.ts'

/**
 * Version of the keys, the frames and the set of databases. Raised when an older tidemark could not read
 * them.
 */
export const storeFormat = 1

/**
 * The epoch of the store that `facts` belongs to, or undefined when it is new. Throws `FormatNotKnown` when
 * a newer tidemark made it.
 */
export const checkFormat = (path: string, facts: Table): string | undefined => {
  const format = facts.get(noteKey('format'))
  const epoch = facts.get(noteKey('epoch'))
  if (!format && !epoch) return undefined
  const version = Number(format && Buffer.from(format).toString())
  if (!epoch || !Number.isSafeInteger(version)) {
    throw new StoreDamaged(
      `store path "${path}": its format or epoch is missing; restore the data folder from a backup, or move ` +
        'it away to begin with an empty store',
    )
  }
  if (version > storeFormat) throw new FormatNotKnown(path, version)
  return Buffer.from(epoch).toString()
}

/** Writes what a new store is born with, and returns its epoch. */
export const newFacts = (facts: Table, epoch: string): string => {
  const batch = new RowBatch()
  batch.begin(1_024)
  for (const [name, value] of [['format', String(storeFormat)] as const, ['epoch', epoch] as const]) {
    const key = noteKey(name)
    batch.add(facts, (target, start) => start + key.copy(target, start), Buffer.from(value))
  }
  facts.database.transactionSync(() => batch.put())
  return epoch
}

/** The store was made by a tidemark that writes it in a way this one cannot read. */
export class FormatNotKnown extends Error {
  override readonly name = 'FormatNotKnown'

  constructor(path: string, version: number) {
    super(
      `store path "${path}": written in format ${version}, and this tidemark reads up to ${storeFormat}; ` +
        'install the version that wrote it, or a newer one',
    )
  }
}
