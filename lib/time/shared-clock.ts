import { type Duration, hours, minutes } from './duration.ts'
import type { WatermarkPolicy } from './watermark-policy.ts'

/** Events in a row that must agree before the clock takes a step longer than `maxJump`. */
const eventsToAgree = 3

export interface SharedClockOptions {
  /** The longest step forward that one event may cause, 1 hour unless given. Infinity trusts every event. */
  readonly maxJump?: Duration
  /**
   * Listening time without an event after which a source that is caught up is idle, 1 minute unless given.
   * Infinity for never.
   */
  readonly idleAfter?: Duration
}

/** Plain data, changed in place and saved with every commit in which it changed. */
export interface SharedClockState<Policy = unknown> {
  /** State of the watermark policy. */
  policy: Policy
  /** Event time at which the clock stands. −Infinity until it has started. */
  latest: number
  /** Times of the latest events in a row that are more than `maxJump` ahead of the clock. Two at the most. */
  ahead: number[]
  /** Wall time at which the latest event arrived. */
  arrival: number
  /** The watermark that holds once the delivery at hand is complete. */
  reached: number
  /** No event at or before this moment is expected any more. −Infinity until the clock has started. */
  watermark: number
  /**
   * Listening time from which silence is counted: that of the last event in time, or up to which the clock of
   * an idle source has gone on. Infinity while the source is not known to be caught up.
   */
  silentFrom: number
  idle: boolean
  /** The source has ended and delivers nothing more. */
  ended: boolean
}

/**
 * The clock of one source, shared by all keys of the stages behind it: it closes their windows whether or not
 * the key itself speaks again. A pure state machine; times are epoch milliseconds, silence is counted in
 * listening time.
 *
 * - An event moves the clock to its time, but at most to its arrival.
 * - An event more than `maxJump` ahead of the clock moves nothing until three in a row agree. They agree on a
 *   time when all three are at or after it, so the clock moves to the earliest of them. An event that is not
 *   so far ahead begins the row again. All events before the clock has started count as ahead, so that
 *   neither a first event ten years ahead nor one of 1970 decides where it starts.
 * - The watermark follows by the policy after the whole delivery, and never goes back.
 * - A source that is caught up and silent for `idleAfter` is idle. Then the clock goes on with the time that
 *   passes, counted from the last event. If it has not started, it starts with the earliest event it has,
 *   unless that is more than `maxJump` ahead of its arrival.
 * - A late event does not end a silence: one sender of old times cannot stop the clock for all others.
 */
export class SharedClock<Policy = unknown> {
  private readonly policy: WatermarkPolicy<Policy>
  private readonly maxJump: Duration
  private readonly idleAfter: Duration

  constructor(
    policy: WatermarkPolicy<Policy>,
    { maxJump = hours(1), idleAfter = minutes(1) }: SharedClockOptions = {},
  ) {
    requirePositive('maxJump', maxJump, 'hours(1)')
    requirePositive('idleAfter', idleAfter, 'minutes(1)')
    this.policy = policy
    this.maxJump = maxJump
    this.idleAfter = idleAfter
  }

  create(): SharedClockState<Policy> {
    return {
      policy: this.policy.create(),
      latest: Number.NEGATIVE_INFINITY,
      ahead: [],
      arrival: Number.NEGATIVE_INFINITY,
      reached: Number.NEGATIVE_INFINITY,
      watermark: Number.NEGATIVE_INFINITY,
      silentFrom: Number.POSITIVE_INFINITY,
      idle: false,
      ended: false,
    }
  }

  /**
   * Takes note of one event of a delivery. The watermark stays until `endDelivery`.
   *
   * @param time Event time. A time that is not finite moves nothing.
   * @param arrival Wall time at which the delivery arrived.
   * @param listening Listening time at which it arrived, whole milliseconds.
   */
  observe(state: SharedClockState<Policy>, time: number, arrival: number, listening: number): void {
    if (!Number.isFinite(time)) return
    if (time > state.watermark) {
      state.idle = false
      state.silentFrom = listening
    }
    state.arrival = arrival
    this.take(state, time)
  }

  /** All events of a delivery have been handled. Returns the watermark that holds from now on. */
  endDelivery(state: SharedClockState<Policy>): number {
    state.watermark = state.reached
    return state.watermark
  }

  /**
   * Counts silence between deliveries. Returns the watermark that holds from now on. How often it is called
   * does not matter for where the clock stands at a given listening time, only for how soon it is known.
   *
   * @param listening Listening time by now, whole milliseconds.
   * @param isCaughtUp The source is connected, nothing is pending in it or on the way, and it is neither
   * paused nor waiting for another input. Always false for a source that cannot show it.
   */
  elapse(state: SharedClockState<Policy>, listening: number, isCaughtUp: boolean): number {
    if (state.ended) return state.watermark
    if (!isCaughtUp) {
      state.idle = false
      state.silentFrom = Number.POSITIVE_INFINITY
      return state.watermark
    }
    if (state.silentFrom === Number.POSITIVE_INFINITY) state.silentFrom = listening
    const silence = listening - state.silentFrom
    if (!state.idle && silence < this.idleAfter) return state.watermark
    state.idle = true
    state.silentFrom = listening
    if (!hasStarted(state) && this.mayStart(state)) this.jump(state)
    if (!hasStarted(state)) return state.watermark
    this.move(state, state.latest + silence)
    return this.endDelivery(state)
  }

  /** The source has ended: after its last delivery, once. The watermark stays, since the end is not one. */
  end(state: SharedClockState<Policy>): void {
    state.ended = true
    state.idle = false
    state.ahead = []
  }

  /** Whether fewer than three events are enough to start, now that the source is silent. */
  private mayStart({ ahead, arrival }: SharedClockState<Policy>): boolean {
    return ahead.length > 0 && Math.min(...ahead) - arrival <= this.maxJump
  }

  private take(state: SharedClockState<Policy>, time: number): void {
    if (time - state.latest > this.maxJump) {
      state.ahead.push(time)
      if (state.ahead.length === eventsToAgree) this.jump(state)
      return
    }
    if (state.ahead.length > 0) state.ahead = []
    this.move(state, Math.min(time, state.arrival))
  }

  /** Moves to the earliest of the events ahead, and takes the others as if they came now. */
  private jump(state: SharedClockState<Policy>): void {
    const { ahead } = state
    const earliest = Math.min(...ahead)
    const place = ahead.indexOf(earliest)
    state.ahead = []
    this.move(state, Math.min(earliest, state.arrival))
    for (let at = 0; at < ahead.length; at += 1) if (at !== place) this.take(state, ahead[at]!)
  }

  private move(state: SharedClockState<Policy>, time: number): void {
    if (time > state.latest) state.latest = time
    const watermark = this.policy.observe(state.policy, time)
    if (watermark > state.reached) state.reached = watermark
  }
}

const hasStarted = ({ latest }: SharedClockState): boolean => latest > Number.NEGATIVE_INFINITY

const requirePositive = (name: string, length: Duration, example: string): void => {
  if (length > 0) return
  throw new RangeError(`${name} must be more than 0 ms, got ${length}: give a duration like ${example}`)
}
