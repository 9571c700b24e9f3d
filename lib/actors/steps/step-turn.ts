import type { Turn } from '../../time/processor.ts'
import type { Timed } from '../../time/timed.ts'

/** What a step needs of the actor it belongs to. */
export interface StepHost {
  readonly arrival: number
  /** How far the step at `place` has been taken in event time. Its upstream may be further. */
  watermarkAt(place: number): number
  late(event: Timed, watermark: number): void
  quarantine(event: Timed, reason: string): void
  advance(watermark: number): void
}

/** Whatever takes a step's output: the next step of a chain, or an RxJS subscriber. */
export interface Downstream {
  next(value: unknown): void
}

/**
 * The turn a step's processor sees: one object for the life of the step, so nothing is allocated an event.
 */
export class StepTurn implements Turn<unknown> {
  downstream: Downstream | undefined
  private readonly host: StepHost
  private readonly place: number

  /** @param place The step's, among those of its actor. */
  constructor(host: StepHost, place: number) {
    this.host = host
    this.place = place
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

  late(event: Timed): void {
    this.host.late(event, this.watermark)
  }

  quarantine(event: Timed, reason: string): void {
    this.host.quarantine(event, reason)
  }

  advance(watermark: number): void {
    this.host.advance(watermark)
  }
}
