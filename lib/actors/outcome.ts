import type { Aside } from './delivery.ts'

/** Takes encoded outputs into the commit of the turn that made them. */
export type Recorder = (sink: string, position: number, index: number, bytes: Uint8Array) => void

/**
 * What one turn of one actor produced. It is emitted inside the turn's commit: what a sink records
 * now is flushed together with the journal entry that caused it, or not at all. A later stage may take it
 * as its own arrival.
 */
export class Outcome<Out> {
  /** Key of the actor. Empty when the source itself could not read what arrived. */
  readonly key: string
  /** Journal position of the turn. Outputs are numbered `values` first, then `asides`. */
  readonly position: number
  /** Wall time at which the cause arrived. */
  readonly arrival: number
  readonly values: readonly Out[]
  readonly asides: readonly Aside[]
  private readonly recorder: Recorder

  constructor({ key, position, arrival, values, asides }: OutcomeContent<Out>, recorder: Recorder) {
    this.key = key
    this.position = position
    this.arrival = arrival
    this.values = values
    this.asides = asides
    this.recorder = recorder
  }

  /** Puts encoded output number `index` into the outbox of `sink`. Throws once the outcome was emitted. */
  record(sink: string, index: number, bytes: Uint8Array): void {
    this.recorder(sink, this.position, index, bytes)
  }

  /** The same outcome with each value replaced. Synchronous and stateless, as all between two stages. */
  map<R>(project: (value: Out) => R): Outcome<R> {
    return new Outcome({ ...this, values: this.values.map(project) }, this.recorder)
  }

  /** The same outcome with fewer values. */
  filter(keep: (value: Out) => boolean): Outcome<Out> {
    return new Outcome({ ...this, values: this.values.filter(keep) }, this.recorder)
  }
}

export interface OutcomeContent<Out> {
  readonly key: string
  readonly position: number
  readonly arrival: number
  readonly values: readonly Out[]
  readonly asides: readonly Aside[]
}
