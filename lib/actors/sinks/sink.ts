/** One durable output on its way to a sink: a result, or what left the main path for a side output. */
export type Sent<Out> = SentResult<Out> | SentAside

interface Output {
  /**
   * Unique for ever and the same at every attempt: a sink that skips ids it has seen has each output once.
   */
  readonly id: string
  /** Key of the actor it comes from. */
  readonly key: string
  /** Wall time at which its cause arrived, epoch milliseconds. */
  readonly arrival: number
}

export interface SentResult<Out> extends Output {
  readonly kind: 'result'
  /** None: results are the main output. */
  readonly tag?: undefined
  readonly value: Out
  readonly reason: ''
}

export interface SentAside extends Output {
  readonly kind: 'side'
  /** Name of the side output's tag: `late`, `quarantined`, `dead`, or that of an `outputTag`. */
  readonly tag: string
  /** What was sent to the tag: an event, or what could not be read. */
  readonly value: unknown
  /** Why it left the main path. Empty for a tag that needs no reason. */
  readonly reason: string
}

/** A sink refuses what it is given, which comes again. */
export interface SinkRefusal {
  readonly message: string
  /** What `deliver` rejected with. */
  readonly error: unknown
}

/** A place of your own for outputs: a database, a webhook, a file. */
export interface Sink<Out> {
  /** Name of its outbox, the recovery key of what is on its way. */
  readonly name: string
  /**
   * Takes outputs in order, and resolves when they are safe. When it rejects, the same ones come again
   * after a pause, and again after a crash: at least once, each with its id.
   */
  deliver(outputs: readonly Sent<Out>[]): Promise<void>
}
