import type { Processor, Turn } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { type Given, Late, Quarantined, Silence, WallTime, Watermark } from './notation.ts'

/**
 * One processor with one state, taken through a test case as an actor would: the event, then the timers that
 * are due, in order, then the watermark. `carry` stands for saving and restoring: it is given the state
 * before everything that happens, and what it returns is used from there on.
 */
export class ProcessorRun<In extends Timed, Out> implements Turn<Out> {
  readonly outputs: unknown[] = []
  watermark = Number.NEGATIVE_INFINITY
  private readonly processor: Processor<In, Out>
  private readonly carry: (state: unknown) => unknown
  private state: unknown
  private target = Number.NEGATIVE_INFINITY
  private wallTime: number | undefined
  private eventTime = 0
  private lateInTurn: Timed[] = []

  constructor(processor: Processor<In, Out>, carry: (state: unknown) => unknown) {
    this.processor = processor
    this.carry = carry
    this.state = processor.create()
  }

  /** Unless the case says otherwise, everything arrives when it happens. */
  get arrival(): number {
    return this.wallTime ?? this.eventTime
  }

  take(given: Given<In>): void {
    this.lateInTurn = []
    if (given instanceof WallTime) this.wallTime = given.time
    else if (given instanceof Watermark) this.passTo(given.time)
    else if (given instanceof Silence) this.fallSilent()
    else this.receive(given)
  }

  emit(value: Out): void {
    this.outputs.push(value)
  }

  late(event: Timed): void {
    if (this.lateInTurn.includes(event)) return
    this.lateInTurn.push(event)
    this.outputs.push(new Late(event))
  }

  quarantine(event: Timed, reason: string): void {
    this.outputs.push(new Quarantined(event, reason))
  }

  advance(watermark: number): void {
    if (Number.isNaN(watermark)) throw new RangeError('advance() was given NaN as a watermark')
    if (watermark > this.target) this.target = watermark
  }

  private receive(event: In): void {
    this.eventTime = event.time
    this.state = this.carry(this.state)
    this.processor.onEvent(this.state, event, this)
    this.settle()
  }

  private fallSilent(): void {
    this.state = this.carry(this.state)
    this.processor.onIdle?.(this.state, this)
    this.settle()
  }

  /** A watermark of the case is no output; one that the processor itself causes on the way is. */
  private passTo(time: number): void {
    if (time <= this.watermark) {
      throw new RangeError(`watermark(${time}) does not move the watermark on from ${this.watermark}`)
    }
    this.fireUntil(time)
    this.watermark = time
    this.settle()
  }

  private settle(): void {
    const before = this.watermark
    this.fireUntil(this.target)
    if (this.target <= before) return
    this.watermark = this.target
    this.outputs.push(new Watermark(this.target))
  }

  private fireUntil(time: number): void {
    for (let due = this.due(); due <= Math.max(time, this.target, this.watermark); due = this.due()) {
      if (due === Number.POSITIVE_INFINITY) return
      const now = Math.max(due, this.watermark)
      this.state = this.carry(this.state)
      this.processor.onTime?.(this.state, now, this)
      this.watermark = now
      if (this.due() <= now) throw new Error(`after onTime(${now}) due() is still ${this.due()}, not later`)
    }
  }

  private due(): number {
    const due = this.processor.due?.(this.state) ?? Number.POSITIVE_INFINITY
    if (Number.isNaN(due)) throw new RangeError('due() returned NaN; return Infinity for none')
    return due
  }
}
