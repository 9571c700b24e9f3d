import { type Ancestor, decodeAncestors, type Lineage } from '../lineage.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { noteKey } from '../rows/row-keys.ts'
import { RowBatch } from './row-batch.ts'
import type { Table } from './table.ts'

/**
 * Version of the keys, the frames, the set of databases and the journal files. Raised when an older tidemark
 * could not read them, together with an entry in `formatUpgrades`.
 */
export const storeFormat = 4

/** The earliest format that can be read as it is. Earlier ones have to be rewritten first. */
export const earliestReadable = 4

/**
 * The format of the store that `facts` belongs to, or undefined when it is new. Throws `FormatNotKnown` when
 * a newer tidemark made it.
 */
export const checkFormat = (path: string, facts: Table): number | undefined => {
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
  return version
}

export interface Facts extends Lineage {
  readonly format: number
  readonly ancestors: readonly Ancestor[]
}

export const readFacts = (facts: Table): Facts => ({
  format: Number(textOf(facts, 'format')),
  epoch: textOf(facts, 'epoch'),
  ancestors: decodeAncestors(facts.get(noteKey('ancestors'))),
})

/** Writes what a new store is born with. */
export const newFacts = (facts: Table, epoch: string): void =>
  facts.database.transactionSync(() =>
    putFacts(facts, { format: Buffer.from(String(storeFormat)), epoch: Buffer.from(epoch) }),
  )

/** To be called inside a transaction. */
export const putFacts = (facts: Table, values: Readonly<Record<string, Uint8Array>>): void => {
  const batch = new RowBatch()
  const entries = Object.entries(values)
  batch.begin(entries.reduce((bytes, [name, value]) => bytes + 4 * name.length + value.length + 64, 0))
  for (const [name, value] of entries) {
    const key = noteKey(name)
    batch.add(facts, (target, start) => start + key.copy(target, start), value)
  }
  batch.put()
}

const textOf = (facts: Table, name: string): string => Buffer.from(facts.get(noteKey(name)) ?? []).toString()

/** The store was made by a tidemark that writes it in a way this one cannot read. */
export class FormatNotKnown extends Error {
  override readonly name = 'FormatNotKnown'

  constructor(path: string, version: number) {
    super(
      `store path "${path}": written in format ${version}, and this tidemark reads up to ${storeFormat}; ` +
        'install the version that wrote it, or a newer one, or restore a backup made before the update',
    )
  }
}

/** The store was made by an earlier tidemark, and is only looked at: it would have to be rewritten. */
export class FormatOutdated extends Error {
  override readonly name = 'FormatOutdated'

  constructor(path: string, version: number) {
    super(
      `store path "${path}": written in format ${version}, and this tidemark reads ${storeFormat}; start or ` +
        'drain it once with this version, which brings it up to date',
    )
  }
}
