import type { Timed } from '../time/timed.ts'
import { caseWords } from './case-words.ts'
import { differenceLines, faultReport, type ReportLines } from './fault-report.ts'
import type { Given } from './notation.ts'
import { firstDifference } from './step-trace.ts'

/** What came out is not what was expected. */
export const wrongResult = (
  steps: readonly Given<Timed>[],
  expected: readonly unknown[],
  got: readonly unknown[],
  stepOf: (index: number) => number,
): Error => {
  const first = firstDifference(expected, got) ?? 0
  const last = steps[stepOf(first)]
  const place: ReportLines =
    last && first < got.length
      ? [['differs at', `output ${first + 1}, after ${caseWords([last], '', steps)}`]]
      : []
  return faultReport('what comes out is not what was expected.', [
    ['arrived', caseWords(steps)],
    ...place,
    ...differenceLines(expected, got),
  ])
}

/** What comes out depends on the order of arrival. */
export const orderMatters = (
  given: readonly Given<Timed>[],
  arrived: readonly Given<Timed>[],
  expected: readonly unknown[],
  got: readonly unknown[],
  tried: string,
): Error =>
  faultReport('what comes out depends on the order of arrival.', [
    ['in order', caseWords(given)],
    ['arrived', caseWords(arrived)],
    ...differenceLines(expected, got),
    ['tried', tried],
    [
      'remedy',
      'put actor.durable(name, ordered()) behind the clock step, before what depends on order; or say with ' +
        '`confirmed` which outputs are not about arrival; or, if the events are further apart, lower `within`',
    ],
  ])
