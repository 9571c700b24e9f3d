import { type Baseline, requireNumber } from '../statistics/baseline.ts'
import type { Processor, Turn } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { type DeviationOptions, deviationOptions } from './deviation-options.ts'
import { type DeviationState, deviationState } from './deviation-state.ts'
import { addPending, dropPending, pendingTime, pendingValue } from './pending.ts'
import { surprise } from './surprise.ts'

export type { DeviationState } from './deviation-state.ts'

/** One change in an episode: a stretch of time in which values depart from their baseline. */
export interface Deviation {
  /** Event time of the value that caused this. */
  readonly time: number
  /**
   * Event time at which the departure began, and so the episode's name: of the first value of those whose
   * excess added up to the opening (Page's estimate of the moment of a change).
   */
  readonly since: number
  readonly phase: 'opened' | 'updated' | 'closed'
  /**
   * Provisional: judged on arrival. Confirmed: judged in event order, behind the watermark, and independent
   * of the order of arrival. Withdrawn (and closed): a provisional opening that event order did not bear out.
   */
  readonly status: 'provisional' | 'confirmed' | 'withdrawn'
  readonly value: number
  /** Distance from the baseline's mean in its standard deviations, signed. Always finite. */
  readonly score: number
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}

/** Values a learned correlation remembers. */
const correlationMemory = 1_000

/**
 * An arrival needs this many times the excess. The baseline it meets is older than the one that decides in
 * event order, and without a margin every other close call would be reported and then withdrawn.
 */
const arrivalDoubt = 1.25

/** Correlations beyond this would make an episode unreachable. */
const strongestCorrelation = 0.97

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
export function deviation<B, In extends Timed & { readonly value: number }, Carried extends object = object>(
  baseline: Baseline<B>,
  options?: DeviationOptions<In, Carried>,
): Processor<In, Deviation & Carried, DeviationState<B>>
export function deviation<B, In extends Timed, Carried extends object = object>(
  baseline: Baseline<B>,
  options: DeviationOptions<In, Carried> & Required<Pick<DeviationOptions<In>, 'of'>>,
): Processor<In, Deviation & Carried, DeviationState<B>>
export function deviation<B, In extends Timed, Carried extends object>(
  baseline: Baseline<B>,
  given: DeviationOptions<In, Carried> = {},
): Processor<In, Deviation & Carried, DeviationState<B>> {
  type Out = Deviation & Carried
  const options = deviationOptions(given)
  const { sigmas, warmUp, persistence, extreme, calmSigmas, calmCount, inOrder, pendingLimit } = options
  const { carry } = given
  const of = given.of ?? ((event: In) => (event as In & { readonly value: number }).value)

  const leastDeviation = (state: DeviationState<B>): number => {
    const floor = 1e-9 * (1 + Math.abs(baseline.mean(state.baseline)))
    return Math.max(baseline.standardDeviation(state.baseline), state.resolution / 2, floor)
  }

  const score = (state: DeviationState<B>, value: number): number =>
    (value - baseline.mean(state.baseline)) / leastDeviation(state)

  /** How many independent values the baseline is worth. */
  const independent = ({ baseline: seen, correlation }: DeviationState<B>): number =>
    Math.max(2, (baseline.count(seen) * (1 - correlation)) / (1 + correlation))

  /**
   * The sum of excess after `distance`: towards it by what lies beyond `sigmas`, back to 0 by what lies
   * within.
   */
  const add = (state: DeviationState<B>, excess: number, distance: number): number => {
    const size = Math.abs(distance)
    if ((size <= sigmas && excess === 0) || baseline.count(state.baseline) < warmUp) return 0
    const worth = size <= sigmas ? distance : surprise(distance, independent(state))
    if (excess > 0) return Math.max(0, excess + worth - sigmas)
    if (excess < 0) return Math.min(0, excess + worth + sigmas)
    const beyond = Math.abs(worth) - sigmas
    return beyond > 0 ? Math.sign(worth) * beyond : 0
  }

  const opens = (state: DeviationState<B>, excess: number, distance: number, doubt: number): boolean => {
    const size = Math.abs(distance)
    if (size <= sigmas || baseline.count(state.baseline) < warmUp) return false
    if (persistence === 0) return true
    const { correlation } = state
    if (Math.abs(excess) > (doubt * persistence * (1 + correlation)) / (1 - correlation)) return true
    return size > extreme && Math.abs(surprise(distance, independent(state))) > extreme
  }

  const report = (
    state: DeviationState<B>,
    turn: Turn<Out>,
    phase: Deviation['phase'],
    status: Deviation['status'],
    since: number,
    time: number,
    value: number,
  ): void => {
    const mean = baseline.mean(state.baseline)
    const count = baseline.count(state.baseline)
    const compared = { mean, standardDeviation: baseline.standardDeviation(state.baseline), count }
    const found = { time, since, phase, status, value, score: score(state, value), baseline: compared }
    turn.emit((state.carried ? { ...state.carried, ...found } : found) as Out)
  }

  const withdraw = (state: DeviationState<B>, turn: Turn<Out>, time: number, value: number): void => {
    report(state, turn, 'closed', 'withdrawn', state.arrivingSince, time, value)
    state.provisional = false
    state.arriving = 0
  }

  const learnCorrelation = (state: DeviationState<B>, distance: number): void => {
    const seen = baseline.count(state.baseline)
    if (seen > 1) {
      const product = within3(distance) * within3(score(state, state.previous))
      const learned =
        state.correlation + (product - state.correlation) * Math.max(1 / seen, 1 / correlationMemory)
      state.correlation = Math.min(strongestCorrelation, Math.max(0, learned))
    }
  }

  const settleOrdinary = (state: DeviationState<B>, time: number, value: number, turn: Turn<Out>): void => {
    baseline.passTo?.(state.baseline, time)
    const distance = score(state, value)
    if (state.excess === 0) state.since = time
    state.excess = add(state, state.excess, distance)
    if (opens(state, state.excess, distance, 1)) {
      if (state.provisional && state.arrivingSince !== state.since) withdraw(state, turn, time, value)
      report(state, turn, 'opened', 'confirmed', state.since, time, value)
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
    if (state.provisional && time >= state.provisionalTime && over) withdraw(state, turn, time, value)
  }

  const settleDeparted = (
    state: DeviationState<B>,
    learning: B,
    time: number,
    value: number,
    turn: Turn<Out>,
  ): void => {
    const size = Math.abs(score(state, value))
    baseline.passTo?.(learning, time)
    baseline.accumulate(learning, value)
    state.calm = size <= calmSigmas ? state.calm + 1 : 0
    const relearned = time - state.since >= options.relearnAfter && baseline.count(learning) >= warmUp
    if (state.calm >= calmCount || relearned) {
      report(state, turn, 'closed', 'confirmed', state.since, time, value)
      if (relearned) state.baseline = learning
      state.learning = null
      state.excess = 0
      state.arriving = 0
    } else if (size >= 2 * state.worst && time - state.updated >= options.updateEvery) {
      report(state, turn, 'updated', 'confirmed', state.since, time, value)
      state.updated = time
      state.worst = size
    }
  }

  const settle = (state: DeviationState<B>, time: number, value: number, turn: Turn<Out>): void => {
    const change = Math.abs(value - state.previous)
    if (change > 0 && (state.step === 0 || change < state.step) && baseline.count(state.baseline) > 0)
      state.step = change
    if (state.learning === null) settleOrdinary(state, time, value, turn)
    else settleDeparted(state, state.learning, time, value, turn)
    if (state.learning === null) state.resolution = state.step
    state.previous = value
  }

  const settleFirst = (state: DeviationState<B>, turn: Turn<Out>): void => {
    const time = pendingTime(state.pending)
    const value = pendingValue(state.pending)
    dropPending(state.pending)
    settle(state, time, value, turn)
  }

  const settleUntil = (state: DeviationState<B>, watermark: number, turn: Turn<Out>): void => {
    while (pendingTime(state.pending) <= watermark) settleFirst(state, turn)
  }

  const judgeArrival = (state: DeviationState<B>, time: number, value: number, turn: Turn<Out>): void => {
    if (state.learning !== null || state.provisional) return
    const distance = score(state, value)
    if (state.arriving === 0) state.arrivingSince = time
    state.arriving = add(state, state.arriving, distance)
    if (!opens(state, state.arriving, distance, arrivalDoubt)) return
    state.provisional = true
    state.provisionalTime = time
    report(state, turn, 'opened', 'provisional', state.arrivingSince, time, value)
  }

  const due = ({ provisional, provisionalTime, pending }: DeviationState<B>): number =>
    provisional ? Math.max(provisionalTime, pendingTime(pending)) : Number.POSITIVE_INFINITY

  return {
    create: () => deviationState(baseline.create()),
    onEvent(state, event, turn) {
      const value = of(event)
      if (value === undefined) return
      requireNumber(value)
      if (carry && (inOrder || state.carried === null)) state.carried = carry(event)
      if (inOrder) return settle(state, event.time, value, turn)
      const { watermark } = turn
      settleUntil(state, watermark, turn)
      if (event.time <= watermark) return turn.late(event)
      if (state.pending.length === pendingLimit) settleFirst(state, turn)
      addPending(state.pending, event.time, value)
      judgeArrival(state, event.time, value, turn)
    },
    ...(inOrder ? {} : { due, onTime: settleUntil }),
  }
}

const within3 = (score: number): number => Math.max(-3, Math.min(3, score))
