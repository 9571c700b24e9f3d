/** Why something left the main path. Each kind goes to an output of its own, never to a log line. */
export type AsideKind = 'late' | 'quarantined' | 'dead'

/** Something that could not take the main path: too late, of a time not to be trusted, or unreadable. */
export interface Aside {
  readonly kind: AsideKind
  /** What it was: an event, or for what could not be read, a description of it with its bytes in base64. */
  readonly value: unknown
  /** In words: what was wrong, with the field, the value and the remedy. */
  readonly reason: string
}

/**
 * What tells a resent delivery from a new one: the same sender, number and checksum. Only a delivery that
 * is `resent` is looked up; every one is remembered.
 */
export interface Receipt {
  readonly sender: string
  readonly number: number
  readonly checksum: number
  readonly resent: boolean
}

/**
 * One arrival from a source: the values it brought, what of it could not be read, and the duty to say that
 * it was taken. `ack` is called once, after all of it is flushed to the disk, in the order of arrival.
 */
export class Delivery<T> {
  readonly values: readonly T[]
  readonly asides: readonly Aside[]
  readonly receipt: Receipt | undefined
  readonly ack: () => void
  /** Called instead of `ack` when the store is closed for good before the delivery was flushed. */
  readonly reject: (reason: Error) => void

  constructor(
    values: readonly T[],
    ack: () => void = noDuty,
    { asides = nothing, receipt, reject = noDuty }: DeliveryOptions = {},
  ) {
    this.values = values
    this.ack = ack
    this.asides = asides
    this.receipt = receipt
    this.reject = reject
  }

  /** The same delivery with each value replaced. Synchronous and stateless, as all between two stages. */
  map<R>(project: (value: T) => R): Delivery<R> {
    return new Delivery(this.values.map(project), this.ack, this.rest())
  }

  /** The same delivery with fewer values. What is left out is still acknowledged. */
  filter(keep: (value: T) => boolean): Delivery<T> {
    return new Delivery(this.values.filter(keep), this.ack, this.rest())
  }

  private rest(): DeliveryOptions {
    const { asides, reject, receipt } = this
    return receipt ? { asides, reject, receipt } : { asides, reject }
  }
}

export interface DeliveryOptions {
  readonly asides?: readonly Aside[]
  readonly receipt?: Receipt
  readonly reject?: (reason: Error) => void
}

const nothing: readonly Aside[] = []
const noDuty = (): void => {}
