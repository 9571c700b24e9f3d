import type { AsideKind } from '../delivery.ts'

/** One durable output on its way to a sink. */
export interface Sent<Out> {
  /**
   * Unique for ever and the same at every attempt: a sink that skips ids it has seen has each output once.
   */
  readonly id: string
  /** Key of the actor it comes from. */
  readonly key: string
  /** Wall time at which its cause arrived, epoch milliseconds. */
  readonly arrival: number
  /** 'result' for the main path, else why it left it. */
  readonly kind: 'result' | AsideKind
  /** Of type `Out` for a result. */
  readonly value: Out | unknown
  /** In words why it is no result; empty for one. */
  readonly reason: string
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
