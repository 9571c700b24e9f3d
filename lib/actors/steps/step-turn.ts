import type { Output } from '../../time/output.ts'
import { late, type OutputTag } from '../../time/output-tag.ts'
import type { Timed } from '../../time/timed.ts'
import type { ClockTurn } from '../../time/turn.ts'

/** What a step needs of the actor it belongs to. */
export interface StepHost {
  readonly key: string
  readonly arrival: number
  /** How far the step at `place` has been taken in event time. Its upstream may be further. */
  watermarkAt(place: number): number
  /** Sub-key whose state the step at `place` has at hand. */
  subkeyAt(place: number): string
  late(event: Timed, watermark: number, reason: string | undefined): void
  aside(tag: string, value: unknown, reason: string): void
  advance(watermark: number): void
}

/** Whatever takes a step's output: the next step of a chain, or an RxJS subscriber. */
export interface Downstream {
  next(value: unknown): void
}

/**
 * The turn that a step's processor sees, and its output. One object for the life of the step is both: nothing
 * is allocated for an event, and a resident actor pays for one object a step.
 */
export class StepTurn implements Output<unknown>, ClockTurn {
  downstream: Downstream | undefined
  private readonly host: StepHost
  private readonly place: number

  /** @param place The step's, among those of its actor. */
  constructor(host: StepHost, place: number) {
    this.host = host
    this.place = place
  }

  get key(): string {
    return this.host.key
  }

  get subkey(): string {
    return this.host.subkeyAt(this.place)
  }

  get watermark(): number {
    return this.host.watermarkAt(this.place)
  }

  get arrival(): number {
    return this.host.arrival
  }

  emit(value: unknown): void {
    this.downstream!.next(value)
  }

  to<T>({ name }: OutputTag<T>, value: T, reason?: string): void {
    if (name === late.name) this.host.late(value as Timed, this.watermark, reason)
    else this.host.aside(name, value, reason ?? '')
  }

  advance(watermark: number): void {
    this.host.advance(watermark)
  }
}
