import type { Duration } from '../time/duration.ts'
import type { Pace } from './commit/pace.ts'

/** The numbers that a stage is given, all of them. */
export interface StageNumbers {
  readonly resident: number
  readonly ticksPerSecond: number
  readonly idleAfter: Duration
  readonly closeAfter: Duration
  readonly pace: Pace
}

/** Throws a RangeError for a number that no stage can work with. */
export function checkNumbers({ resident, ticksPerSecond, idleAfter, closeAfter, pace }: StageNumbers): void {
  count('resident', resident, 0)
  count('ticksPerSecond', ticksPerSecond, 1)
  length('idleAfter', idleAfter, Number.MIN_VALUE)
  length('closeAfter', closeAfter, Number.MIN_VALUE)
  length('pace.commitSpacing', pace.commitSpacing, 0)
  if (pace.commitSpacing === Number.POSITIVE_INFINITY) {
    throw new RangeError('pace.commitSpacing must be finite, got Infinity: nothing would be acknowledged')
  }
  length('pace.checkpointAfter', pace.checkpointAfter, 0)
  for (const name of ['smallBatch', 'journalEntries', 'sliceBytes', 'sliceBytesUnderPressure'] as const) {
    atLeast(`pace.${name}`, pace[name], 1, 'give a number')
  }
  atLeast('pace.commitRetries', pace.commitRetries, 0, 'give a number')
}

function count(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new RangeError(`${name} must be a whole number of actors, ${least} or more, got ${value}`)
}

const length = (name: string, value: Duration, least: number): void =>
  atLeast(name, value, least, 'give a duration like seconds(10)')

function atLeast(name: string, value: number, least: number, remedy: string): void {
  if (value >= least) return
  const bound = least === Number.MIN_VALUE ? 'more than 0' : `${least} or more`
  throw new RangeError(`${name} must be ${bound}, got ${value}: ${remedy}`)
}
