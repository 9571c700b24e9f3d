import { lateness } from '../time/lateness.ts'
import type { Output } from '../time/output.ts'
import { late, type OutputTag } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { ClockTurn } from '../time/turn.ts'
import { type Given, Silence, Tagged, WallTime, Watermark } from './notation.ts'

/** Whose state a case is about. */
export interface ProcessorOwner {
  /** Key of the actor, 'actor' unless given. */
  readonly key?: string
  /** Sub-key, where the processor is one for `perKey`. Empty unless given. */
  readonly subkey?: string
}

/**
 * One processor with one state, taken through a test case as an actor would: the event, then the timers that
 * are due, in order, then the watermark. `carry` stands for saving and restoring: it is given the state
 * before everything that happens, and what it returns is used from there on.
 */
export class ProcessorRun<In extends Timed, Out> {
  readonly outputs: unknown[] = []
  private readonly processor: Processor<In, Out>
  private readonly carry: (state: unknown) => unknown
  private readonly turn: CaseTurn
  private readonly out: CaseOutput<Out>
  private state: unknown

  constructor(processor: Processor<In, Out>, carry: (state: unknown) => unknown, owner: ProcessorOwner = {}) {
    this.processor = processor
    this.carry = carry
    this.turn = new CaseTurn(owner)
    this.out = new CaseOutput(this.outputs, this.turn)
    this.state = processor.create()
  }

  take(given: Given<In>): void {
    this.out.beginTurn()
    if (given instanceof WallTime) this.turn.wallTime = given.time
    else if (given instanceof Watermark) this.passTo(given.time)
    else if (given instanceof Silence) this.fallSilent()
    else this.receive(given)
  }

  private receive(event: In): void {
    this.turn.eventTime = event.time
    this.state = this.carry(this.state)
    this.processor.onEvent(this.state, event, this.out, this.turn)
    this.settle()
  }

  private fallSilent(): void {
    this.state = this.carry(this.state)
    this.processor.onIdle?.(this.state, this.out, this.turn)
    this.settle()
  }

  /** A watermark of the case is no output; one that the processor itself causes on the way is. */
  private passTo(time: number): void {
    const { turn } = this
    if (time <= turn.watermark) {
      throw new RangeError(`watermark(${time}) does not move the watermark on from ${turn.watermark}`)
    }
    this.fireUntil(time)
    turn.watermark = time
    this.settle()
  }

  private settle(): void {
    const { turn } = this
    const before = turn.watermark
    this.fireUntil(turn.target)
    if (turn.target <= before) return
    turn.watermark = turn.target
    this.outputs.push(new Watermark(turn.target))
  }

  private fireUntil(time: number): void {
    const { turn } = this
    for (let due = this.due(); due <= Math.max(time, turn.target, turn.watermark); due = this.due()) {
      if (due === Number.POSITIVE_INFINITY) return
      const now = Math.max(due, turn.watermark)
      this.state = this.carry(this.state)
      this.processor.onTime?.(this.state, now, this.out, turn)
      turn.watermark = now
      if (this.due() <= now) throw new Error(`after onTime(${now}) due() is still ${this.due()}, not later`)
    }
  }

  private due(): number {
    const due = this.processor.due?.(this.state) ?? Number.POSITIVE_INFINITY
    if (Number.isNaN(due)) throw new RangeError('due() returned NaN; return Infinity for none')
    return due
  }
}

/** The turn of a case, and where a clock step moves its watermark. */
class CaseTurn implements ClockTurn {
  readonly key: string
  readonly subkey: string
  watermark = Number.NEGATIVE_INFINITY
  target = Number.NEGATIVE_INFINITY
  wallTime: number | undefined
  eventTime = 0

  constructor({ key = 'actor', subkey = '' }: ProcessorOwner) {
    this.key = key
    this.subkey = subkey
  }

  /** Unless the case says otherwise, everything arrives when it happens. */
  get arrival(): number {
    return this.wallTime ?? this.eventTime
  }

  advance(watermark: number): void {
    if (Number.isNaN(watermark)) throw new RangeError('advance() was given NaN as a watermark')
    if (watermark > this.target) this.target = watermark
  }
}

/** Collects what comes out in the order in which it does. */
class CaseOutput<Out> implements Output<Out> {
  private readonly outputs: unknown[]
  private readonly turn: CaseTurn
  private lateInTurn: unknown[] = []

  constructor(outputs: unknown[], turn: CaseTurn) {
    this.outputs = outputs
    this.turn = turn
  }

  beginTurn(): void {
    this.lateInTurn = []
  }

  emit(value: Out): void {
    this.outputs.push(value)
  }

  to<T>({ name }: OutputTag<T>, value: T, reason?: string): void {
    if (name === late.name) this.late(value as Timed, reason)
    else this.outputs.push(new Tagged(name, value, reason ?? ''))
  }

  private late(event: Timed, reason = lateness(event, this.turn.watermark)): void {
    if (this.lateInTurn.includes(event)) return
    this.lateInTurn.push(event)
    this.outputs.push(new Tagged(late.name, event, reason))
  }
}
