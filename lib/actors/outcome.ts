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
  /** Journal position of the turn. */
  readonly position: number
  /** Wall time at which the cause arrived. */
  readonly arrival: number
  readonly values: readonly Out[]
  readonly asides: readonly Aside[]
  private readonly numbers: readonly number[] | undefined
  private readonly recorder: Recorder

  constructor({ key, position, arrival, values, asides, numbers }: OutcomeContent<Out>, recorder: Recorder) {
    this.key = key
    this.position = position
    this.arrival = arrival
    this.values = values
    this.asides = asides
    this.numbers = numbers
    this.recorder = recorder
  }

  /**
   * Number of the output at `place` among `values`, followed by `asides`: with the position, its id. It was
   * given when the turn ended, so that an output has one id, however many of the others a filter leaves.
   */
  numberOf(place: number): number {
    return this.numbers ? this.numbers[place]! : place
  }

  /**
   * Puts the encoded output at `place` into the outbox of `sink`. Throws when it is there already, and once
   * the outcome was emitted.
   */
  record(sink: string, place: number, bytes: Uint8Array): void {
    this.recorder(sink, this.position, this.numberOf(place), bytes)
  }

  /** The same outcome with each value replaced. Synchronous and stateless, as all between two stages. */
  map<R>(project: (value: Out) => R): Outcome<R> {
    return new Outcome({ ...this.content(), values: this.values.map(project) }, this.recorder)
  }

  /** The same outcome with fewer values. */
  filter(keep: (value: Out) => boolean): Outcome<Out> {
    const places = this.values.flatMap((value, place) => (keep(value) ? place : []))
    if (places.length === this.values.length) return this
    return new Outcome(this.with(places), this.recorder)
  }

  /** What a later stage hands on of it: everything but the values. */
  withoutValues(): OutcomeContent<never> {
    return { ...this.with([]), values: [] }
  }

  /** With the values at these places only. */
  private with(places: readonly number[]): OutcomeContent<Out> {
    const kept = [...places, ...this.asides.map((_, index) => this.values.length + index)]
    return {
      ...this.content(),
      values: places.map((place) => this.values[place]!),
      numbers: kept.map((place) => this.numberOf(place)),
    }
  }

  private content(): OutcomeContent<Out> {
    const { key, position, arrival, values, asides, numbers } = this
    return { key, position, arrival, values, asides, ...(numbers ? { numbers } : {}) }
  }
}

export interface OutcomeContent<Out> {
  readonly key: string
  readonly position: number
  readonly arrival: number
  readonly values: readonly Out[]
  readonly asides: readonly Aside[]
  /** Numbers of the values and asides, where they do not simply count from 0. */
  readonly numbers?: readonly number[]
}
