import { type Duration, milliseconds, seconds } from './duration.ts'
import type { WallClock } from './wall-clock.ts'

/** Time between two looks at the clock. It is also how finely listening time advances. */
const lookEvery: Duration = milliseconds(500)

/**
 * After a longer time without a look the process was stopped, the machine slept, or the event loop was busy
 * with something else. What was sent meanwhile has still to be read, so none of that time counts.
 */
const longestGap: Duration = seconds(2)

/**
 * Wall time as an actor may use it: it advances only while sources are taken. An hour's stop, a machine that
 * sleeps, a stalled event loop or a clock that is set moves it by nothing, and so makes no actor silent.
 *
 * In whole milliseconds. It begins at the wall time of the first start, in epoch milliseconds, and falls
 * behind by all the time that does not count: only differences have a meaning. The runtime saves `now` with
 * every commit in which it changed, and its offset from `arrival` with every journal entry.
 */
export class ListeningTime {
  private readonly clock: WallClock
  private time: number
  /** Monotonic time up to which time is counted, undefined while sources are not taken. */
  private countedUntil: number | undefined
  private cancel: (() => void) | undefined

  /** @param saved What `now` was in the last commit, undefined for a new store. */
  constructor(clock: WallClock, saved: number | undefined) {
    this.clock = clock
    this.time = saved ?? Math.floor(clock.now())
  }

  /** Listening time at the last look. It never goes back and stays the same within a turn. */
  get now(): number {
    return this.time
  }

  /** Sources are taken from now on. */
  start(): void {
    if (this.countedUntil !== undefined) return
    this.countedUntil = this.clock.monotonic()
    this.lookLater()
  }

  /** Sources are not taken any more: stopped, paused, or the journal is replayed. */
  stop(): void {
    if (this.countedUntil === undefined) return
    this.count(this.countedUntil)
    this.countedUntil = undefined
    this.cancel?.()
  }

  private lookLater(): void {
    this.cancel = this.clock.after(lookEvery, () => {
      this.countedUntil = this.count(this.countedUntil!)
      this.lookLater()
    })
  }

  /** Counts what has passed since `from`, and returns the monotonic time up to which it did. */
  private count(from: number): number {
    const monotonic = this.clock.monotonic()
    if (monotonic - from > longestGap) return monotonic
    const passed = Math.floor(monotonic - from)
    this.time += passed
    return from + passed
  }
}

/** How far listening time is behind the arrival: what a journal entry records, since it seldom changes. */
export const listeningOffset = (arrival: number, listening: number): number => arrival - listening

/** The listening time of a journal entry. */
export const listeningTimeOf = (arrival: number, offset: number): number => arrival - offset
