import type { Aside } from './delivery.ts'

/**
 * What one turn of one actor produced. It is emitted inside the turn's transaction: what a sink records
 * now is flushed together with the journal entry that caused it, or not at all. A later stage may take it
 * as its own arrival.
 */
export interface Outcome<Out> {
  /** Key of the actor. Empty when the source itself could not read what arrived. */
  readonly key: string
  /** Journal position of the turn. Outputs are numbered `values` first, then `asides`. */
  readonly position: number
  /** Wall time at which the cause arrived. */
  readonly arrival: number
  readonly values: readonly Out[]
  readonly asides: readonly Aside[]
  /** Puts encoded output number `index` into the outbox of `sink`. Only while being emitted. */
  record(sink: string, index: number, bytes: Uint8Array): void
  map<R>(project: (value: Out) => R): Outcome<R>
  filter(keep: (value: Out) => boolean): Outcome<Out>
}
