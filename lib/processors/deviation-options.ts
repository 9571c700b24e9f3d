import { type Duration, hours, minutes } from '../time/duration.ts'

/** When a departure from the baseline becomes an episode, and when the episode is over. */
export interface DeviationOptions<In> {
  /** Standard deviations from the baseline's mean within which a value is ordinary. 2 unless given. */
  readonly sigmas?: number
  /** Values the baseline must have seen before anything is judged. 10 unless given. */
  readonly warmUp?: number
  /**
   * How much of what lies beyond `sigmas` must add up over successive values, on one side, to open an
   * episode: the decision interval of Page's cumulative sum. It is meant for independent values and is
   * stretched by (1 + r)/(1 − r) for a signal whose successive values correlate by r, which is learned.
   * 0 unless given: a single value beyond `sigmas` opens an episode.
   */
  readonly persistence?: number
  /** A single value this many standard deviations away opens an episode at once. Infinity unless given. */
  readonly extreme?: number
  /**
   * An episode closes after `count` successive values within `sigmas`. One within the main `sigmas` unless
   * given.
   */
  readonly calm?: { readonly sigmas: number; readonly count: number }
  /**
   * The least event time between two updates of an episode, which a doubled score causes. One minute unless
   * given.
   */
  readonly updateEvery?: Duration
  /**
   * The baseline rests while an episode is open. After this long the values since the opening become the new
   * baseline and the episode closes: a fault that lasts longer is forgotten, a changed regime is accepted.
   * One hour unless given, Infinity for never.
   */
  readonly relearnAfter?: Duration
  /**
   * The values come in event order already, as windows emit them: each is judged once, for good, and none is
   * late. False unless given.
   */
  readonly inOrder?: boolean
  /**
   * Values that may wait for the watermark. Beyond this the earliest is judged ahead of it. 1024 unless
   * given.
   */
  readonly pendingLimit?: number
  /** The number to judge, undefined for none. `event.value` unless given. */
  readonly of?: (event: In) => number | undefined
}

/** The options with the defaults filled in. Throws a RangeError that names what cannot work. */
export function deviationOptions<In>(given: DeviationOptions<In>) {
  const sigmas = given.sigmas ?? 2
  const options = {
    sigmas,
    warmUp: given.warmUp ?? 10,
    persistence: given.persistence ?? 0,
    extreme: given.extreme ?? Number.POSITIVE_INFINITY,
    calmSigmas: given.calm?.sigmas ?? sigmas,
    calmCount: given.calm?.count ?? 1,
    updateEvery: given.updateEvery ?? minutes(1),
    relearnAfter: given.relearnAfter ?? hours(1),
    inOrder: given.inOrder ?? false,
    pendingLimit: given.pendingLimit ?? 1024,
  }
  atLeast('sigmas', options.sigmas, Number.MIN_VALUE)
  atLeast('warmUp', options.warmUp, 2)
  atLeast('persistence', options.persistence, 0)
  atLeast('extreme', options.extreme, options.sigmas)
  atLeast('calm.sigmas', options.calmSigmas, Number.MIN_VALUE)
  atLeast('calm.count', options.calmCount, 1)
  atLeast('updateEvery', options.updateEvery, 0)
  atLeast('relearnAfter', options.relearnAfter, Number.MIN_VALUE)
  atLeast('pendingLimit', options.pendingLimit, 1)
  return options
}

function atLeast(name: string, value: number, least: number): void {
  if (value >= least) return
  throw new RangeError(
    `${name} must be ${least === Number.MIN_VALUE ? 'more than 0' : `${least} or more`}, got ${value}`,
  )
}
