import type { Environment } from './environment/environment.ts'
import type { Table } from './environment/table.ts'
import { rangeOf, readName } from './rows/row-keys.ts'

export interface NamedRange {
  readonly name: string
  readonly range: { readonly start: Buffer; readonly end: Buffer }
}

/** Sinks that have rows waiting. */
export const sinksOf = ({ outbox }: Pick<Environment, 'outbox'>): Generator<NamedRange> => namesIn(outbox)

/** The first names of the keys of `table`, found by skipping from one to the next. */
export function* namesIn(table: Table): Generator<NamedRange> {
  for (let start: Uint8Array = Uint8Array.of(0); ; ) {
    const [key] = table.keys({ start }, 1)
    if (!key) return
    const { name } = readName(key, 0)
    const range = rangeOf(name)
    yield { name, range }
    start = range.end
  }
}
