/**
 * Something that left the main path for a side output: too late, of a time not to be trusted, unreadable, or
 * sent to a tag of the application. Never a log line.
 */
export interface Aside {
  /** Name of the side output's tag: `late`, `quarantined`, `dead`, or that of an `outputTag`. */
  readonly tag: string
  /** What it was: an event, or for what could not be read, a description of it with its bytes in base64. */
  readonly value: unknown
  /** What was wrong, with the field, the value and the remedy. Empty for a tag that needs none. */
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

/** What a source owes to whoever sent a delivery: to be told, once, what became of it. */
export interface Duty {
  /** Called after all of it is flushed to the disk, in the order of arrival. */
  ack(): void
  /** Called instead when the store is closed for good before the delivery was flushed. */
  reject?(reason: Error): void
}

/**
 * One arrival from a source: the values it brought, what of it could not be read, and the duty to say that
 * it was taken. The duty outlives the rest, and is all that waits in memory for the flush.
 */
export class Delivery<T> {
  readonly values: readonly T[]
  readonly asides: readonly Aside[]
  readonly receipt: Receipt | undefined
  readonly duty: Duty

  constructor(
    values: readonly T[],
    duty: Duty = noDuty,
    { asides = nothing, receipt }: DeliveryOptions = {},
  ) {
    this.values = values
    this.duty = duty
    this.asides = asides
    this.receipt = receipt
  }

  /** The same delivery with each value replaced. Synchronous and stateless, as all between two stages. */
  map<R>(project: (value: T) => R): Delivery<R> {
    return new Delivery(this.values.map(project), this.duty, this.rest())
  }

  /** The same delivery with fewer values. What is left out is still acknowledged. */
  filter(keep: (value: T) => boolean): Delivery<T> {
    return new Delivery(this.values.filter(keep), this.duty, this.rest())
  }

  private rest(): DeliveryOptions {
    const { asides, receipt } = this
    return receipt ? { asides, receipt } : { asides }
  }
}

export interface DeliveryOptions {
  readonly asides?: readonly Aside[]
  readonly receipt?: Receipt
}

const nothing: readonly Aside[] = []
const noDuty: Duty = { ack() {} }
