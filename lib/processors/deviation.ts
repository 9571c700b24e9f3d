import { type Baseline, requireNumber } from '../statistics/baseline.ts'
import type { Output } from '../time/output.ts'
import { late } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { departure } from './departure.ts'
import { type DeviationOptions, deviationOptions } from './deviation-options.ts'
import { type Deviation, reporter } from './deviation-report.ts'
import {
  countTaken,
  type DeviationState,
  type DeviationStateV1,
  deviationState,
  dropCarried,
} from './deviation-state.ts'
import { addPending, dropPending, pendingTime, pendingValue } from './pending.ts'

export type { Deviation } from './deviation-report.ts'
export type { DeviationState } from './deviation-state.ts'

/**
 * An arrival needs this many times the excess. The baseline it meets is older than the one that decides in
 * event order, and without a margin every other close call would be reported and then withdrawn.
 */
const arrivalDoubt = 1.25

/**
 * Compares each value with a baseline learned from the values before it, and reports episodes of departure.
 *
 * Each value is judged twice. On arrival, against the baseline as it stands, for a provisional opening at
 * once. Then in event order, when the watermark has passed it: this second judgement updates the baseline,
 * and confirms, withdraws, updates and closes episodes. What is confirmed is the same whatever the order of
 * arrival. A value at or behind the watermark is late.
 *
 * A baseline that counts in time is taken along in event order. It rests, as any other does, while an episode
 * is open. After a silence that it does not reach back over, an arrival is still compared with what was known
 * before the silence; in event order it begins a new warm-up, and what was provisional is withdrawn.
 *
 * The score is (value − mean) / max(standard deviation, ½ smallest step seen, 10⁻⁹ (1 + |mean|)): it stays
 * finite for a signal that was constant so far, and one step of a coarse sensor is never worth more than two.
 *
 * Throws a RangeError for options that cannot work and, in a turn, for a value that is not finite.
 */
export function deviation<B, In extends Timed & { readonly value: number }>(
  baseline: Baseline<B>,
  options?: DeviationOptions<In>,
): Processor<In, Deviation, DeviationState<B>>
export function deviation<B, In extends Timed>(
  baseline: Baseline<B>,
  options: DeviationOptions<In> & Required<Pick<DeviationOptions<In>, 'of'>>,
): Processor<In, Deviation, DeviationState<B>>
export function deviation<B, In extends Timed>(
  baseline: Baseline<B>,
  given: DeviationOptions<In> = {},
): Processor<In, Deviation, DeviationState<B>> {
  const options = deviationOptions(given)
  const { warmUp, calmSigmas, calmCount, inOrder, pendingLimit } = options
  const of = given.of ?? ((event: In) => (event as In & { readonly value: number }).value)

  const { score, add, opens, learnCorrelation } = departure(baseline, options)
  const report = reporter<B>(baseline, score)

  const withdraw = (state: DeviationState<B>, out: Output<Deviation>, time: number, value: number): void => {
    report(state, out, 'closed', 'withdrawn', state.arrivingSince, time, value)
    state.provisional = false
    state.arriving = 0
  }

  const settleOrdinary = (
    state: DeviationState<B>,
    time: number,
    value: number,
    out: Output<Deviation>,
  ): void => {
    baseline.passTo?.(state.baseline, time)
    const distance = score(state, value)
    if (state.excess === 0) state.since = time
    state.excess = add(state, state.excess, distance)
    if (opens(state, state.excess, distance, 1)) {
      if (state.provisional && state.arrivingSince !== state.since) withdraw(state, out, time, value)
      report(state, out, 'opened', 'confirmed', state.since, time, value)
      state.provisional = false
      state.learning = baseline.create()
      baseline.passTo?.(state.learning, time)
      baseline.accumulate(state.learning, value)
      state.updated = time
      state.worst = Math.abs(distance)
      state.calm = 0
      return
    }
    if (state.excess === 0) learnCorrelation(state, distance)
    baseline.accumulate(state.baseline, value)
    // While the same departure goes on it may still come to be confirmed.
    const over = state.excess === 0 || state.since !== state.arrivingSince
    if (state.provisional && time >= state.provisionalTime && over) withdraw(state, out, time, value)
  }

  const settleDeparted = (
    state: DeviationState<B>,
    learning: B,
    time: number,
    value: number,
    out: Output<Deviation>,
  ): void => {
    const size = Math.abs(score(state, value))
    baseline.passTo?.(learning, time)
    baseline.accumulate(learning, value)
    state.calm = size <= calmSigmas ? state.calm + 1 : 0
    const relearned = time - state.since >= options.relearnAfter && baseline.count(learning) >= warmUp
    if (state.calm >= calmCount || relearned) {
      report(state, out, 'closed', 'confirmed', state.since, time, value)
      if (relearned) state.baseline = learning
      state.learning = null
      state.excess = 0
      state.arriving = 0
    } else if (size >= 2 * state.worst && time - state.updated >= options.updateEvery) {
      report(state, out, 'updated', 'confirmed', state.since, time, value)
      state.updated = time
      state.worst = size
    }
  }

  const settle = (state: DeviationState<B>, time: number, value: number, out: Output<Deviation>): void => {
    const change = Math.abs(value - state.previous)
    if (change > 0 && (state.step === 0 || change < state.step) && baseline.count(state.baseline) > 0)
      state.step = change
    if (state.learning === null) settleOrdinary(state, time, value, out)
    else settleDeparted(state, state.learning, time, value, out)
    if (state.learning === null) state.resolution = state.step
    state.previous = value
  }

  const settleFirst = (state: DeviationState<B>, out: Output<Deviation>): void => {
    const time = pendingTime(state.pending)
    const value = pendingValue(state.pending)
    dropPending(state.pending)
    settle(state, time, value, out)
  }

  const settleUntil = (state: DeviationState<B>, watermark: number, out: Output<Deviation>): void => {
    while (pendingTime(state.pending) <= watermark) settleFirst(state, out)
  }

  const judgeArrival = (
    state: DeviationState<B>,
    time: number,
    value: number,
    out: Output<Deviation>,
  ): void => {
    if (state.learning !== null || state.provisional) return
    const distance = score(state, value)
    if (state.arriving === 0) state.arrivingSince = time
    state.arriving = add(state, state.arriving, distance)
    if (!opens(state, state.arriving, distance, arrivalDoubt)) return
    state.provisional = true
    state.provisionalTime = time
    report(state, out, 'opened', 'provisional', state.arrivingSince, time, value)
  }

  const due = ({ provisional, provisionalTime, pending }: DeviationState<B>): number =>
    provisional ? Math.max(provisionalTime, pendingTime(pending)) : Number.POSITIVE_INFINITY

  return {
    version: 3,
    migrations: { 1: (saved: DeviationStateV1<B>) => countTaken(saved, baseline.count), 2: dropCarried<B> },
    create: () => deviationState(baseline.create()),
    onEvent(state, event, out, { watermark }) {
      const value = of(event)
      if (value === undefined) return
      requireNumber(value)
      if (inOrder) {
        state.taken++
        return settle(state, event.time, value, out)
      }
      settleUntil(state, watermark, out)
      if (event.time <= watermark) return out.to(late, event)
      state.taken++
      while (state.pending.length >= pendingLimit) settleFirst(state, out)
      addPending(state.pending, event.time, value)
      judgeArrival(state, event.time, value, out)
    },
    ...(inOrder ? {} : { due, onTime: settleUntil }),
  }
}
