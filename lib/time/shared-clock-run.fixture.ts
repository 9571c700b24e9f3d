import { hours } from './duration.ts'
import { SharedClock, type SharedClockOptions, type SharedClockState } from './shared-clock.ts'
import { boundedOutOfOrderness, type LatestTime } from './watermark-policy.ts'

export type State = SharedClockState<LatestTime>

export const never = Number.NEGATIVE_INFINITY
export const year = 365 * hours(24)
/** Wall time of live runs; a replay of old data has event times years before it. */
export const now = Date.UTC(2026, 0, 1)

/** One delivery of a source, or a look at how long it has been silent. */
export type Step =
  | { readonly times: readonly number[]; readonly arrival: number; readonly listening: number }
  | { readonly listening: number; readonly isCaughtUp: boolean }

export const delivery = (times: readonly number[], arrival = now, listening = 0): Step => ({
  times,
  arrival,
  listening,
})
export const each = (times: readonly number[], arrival = now): Step[] =>
  times.map((time) => delivery([time], arrival))
export const look = (listening: number): Step => ({ listening, isCaughtUp: true })
export const lookBehind = (listening: number): Step => ({ listening, isCaughtUp: false })

export interface RunOptions extends SharedClockOptions {
  readonly bound?: number
  /** Saves the state and restores it between all events. */
  readonly restore?: (state: State) => State
}

/** Takes the steps, and returns the watermark after each and the state after the last. */
export const run = (
  steps: readonly Step[],
  { bound = 0, restore = (state) => state, ...options }: RunOptions = {},
) => {
  const clock = new SharedClock(boundedOutOfOrderness(bound), options)
  let state = restore(clock.create())
  const watermarks = steps.map((step) => {
    if ('isCaughtUp' in step) clock.elapse(state, step.listening, step.isCaughtUp)
    else {
      for (const time of step.times) {
        clock.observe(state, time, step.arrival, step.listening)
        state = restore(state)
      }
      clock.endDelivery(state)
    }
    state = restore(state)
    return state.watermark
  })
  return { watermarks, state, clock }
}

export const lastOf = (steps: readonly Step[], options?: RunOptions): number =>
  run(steps, options).watermarks.at(-1)!
