import type { Duration } from './duration.ts'

/** Inputs, or merged sources of one input, that a stage may have. */
const mostInputs = 1_024

/** What a stage reads of the clock of an input: of a source, of merged sources, or of the stage before it. */
export interface InputClock {
  /** No event at or before this moment is expected any more. */
  readonly watermark: number
  readonly idle: boolean
  readonly ended: boolean
}

/**
 * The clock of a stage, or of merged sources: an input clock for what follows. Plain data, changed in place
 * and saved with every commit in which it changed.
 */
export interface CombinedClock extends InputClock {
  watermark: number
  /** All inputs that have not ended are idle. */
  idle: boolean
  /** All inputs have ended. The watermark stays, since the end is not one. */
  ended: boolean
}

export const createCombinedClock = (): CombinedClock => ({
  watermark: Number.NEGATIVE_INFINITY,
  idle: false,
  ended: false,
})

/**
 * Moves the clock of a stage after the clock of an input has changed.
 *
 * The watermark is the minimum over the inputs that are neither idle nor ended. When all that have not ended
 * are idle it is their maximum, so that the order in which they became idle makes no difference, as in Flink.
 * It never goes back: an input that is behind it when its silence ends holds it where it is until it has
 * caught up.
 *
 * @param inputs All but reference inputs, which do not hold back time.
 * @returns Whether the watermark moved.
 */
export function combineClocks(clock: CombinedClock, inputs: readonly InputClock[]): boolean {
  let slowest = Number.POSITIVE_INFINITY
  let furthestIdle = Number.NEGATIVE_INFINITY
  let active = 0
  let idle = 0
  for (const input of inputs) {
    if (input.ended) continue
    if (input.idle) {
      idle += 1
      if (input.watermark > furthestIdle) furthestIdle = input.watermark
    } else {
      active += 1
      if (input.watermark < slowest) slowest = input.watermark
    }
  }
  clock.idle = active === 0 && idle > 0
  clock.ended = active === 0 && idle === 0
  const watermark = active > 0 ? slowest : furthestIdle
  if (!(watermark > clock.watermark)) return false
  clock.watermark = watermark
  return true
}

/**
 * Whether a pulled input has to wait: its watermark is more than `maxDrift` ahead of the slowest input that
 * is neither idle nor ended. The slowest itself never waits. An input that waits is not caught up, so it does
 * not become idle. One that has not started holds back all others until it starts, is idle or ends.
 */
export const mustWait = (input: InputClock, inputs: readonly InputClock[], maxDrift: Duration): boolean => {
  let slowest = Number.POSITIVE_INFINITY
  for (const { watermark, idle, ended } of inputs) {
    if (!idle && !ended && watermark < slowest) slowest = watermark
  }
  return input.watermark - slowest > maxDrift
}

/** Refuses a negative drift, with which the slowest input would wait for itself. */
export function checkMaxDrift(maxDrift: Duration): void {
  if (maxDrift >= 0) return
  throw new RangeError(`maxDrift must be 0 ms or more, got ${maxDrift}: give a duration like minutes(5)`)
}

/** What a stage reads of a reference input: a catalogue, profiles, rates. */
export interface ReferenceInput {
  /** It has reported, since this process was started, that nothing is pending in it. */
  readonly caughtUp: boolean
  readonly ended: boolean
}

/**
 * Whether the other inputs of a stage may be taken. Once they are, they go on, also when a reference input
 * falls behind again.
 */
export const mayStart = (references: readonly ReferenceInput[]): boolean =>
  references.every(({ caughtUp, ended }) => caughtUp || ended)

/** Refuses names of inputs, or of merged sources, that are none, too many or alike. */
export function checkInputNames(owner: string, names: readonly string[]): void {
  if (names.length === 0) throw new RangeError(`${owner} has no inputs: give it at least one`)
  if (names.length > mostInputs) {
    const count = `${owner} has ${names.length} inputs, and at most ${mostInputs} are allowed`
    throw new RangeError(`${count}: let one source deliver for several of them`)
  }
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice === undefined) return
  throw new RangeError(`${owner} has two inputs named "${twice}": give each a name of its own`)
}
