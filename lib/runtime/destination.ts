/** A destination of your own. It receives outputs in order, and again until it resolves, each with its id. */
export interface Destination<T> {
  readonly deliver: (outputs: readonly Delivered<T>[]) => Promise<void>
}

export interface Delivered<T> {
  /** Unique for ever, and the same at every attempt. */
  readonly id: string
  /** Key of the actor, empty for what comes from a source. */
  readonly key: string
  /** Wall time at which the cause arrived, epoch milliseconds. */
  readonly arrival: number
  readonly value: T
}
