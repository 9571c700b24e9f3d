import type { Timed } from '../time/timed.ts'
import { caseWords, valueWords } from './case-words.ts'
import { differenceLines, faultReport } from './fault-report.ts'
import type { Given } from './notation.ts'
import type { CaseRun } from './run-cases.ts'
import type { Restoring } from './running-case.ts'
import { firstDifference, type StepRecord } from './step-trace.ts'

/** What comes out, or what a step sees, is different when the actor is restored on the way. */
export function restoringMatters(
  steps: readonly Given<Timed>[],
  restoring: Restoring,
  straight: CaseRun,
  restored: CaseRun,
): Error {
  const at = firstDifference(straight.records, restored.records)
  const records: [StepRecord | undefined, StepRecord | undefined] =
    at === undefined
      ? [undefined, undefined]
      : [straight.records[at] as StepRecord | undefined, restored.records[at] as StepRecord | undefined]
  const culprit = upstreamOf(records, straight.steps)
  const [cause, remedy] = explanation(restoring, culprit, straight.steps)
  const title =
    restoring === 'from its rows'
      ? 'an actor that leaves memory and comes back does not go on as it was.'
      : 'an actor that is given its events again after a restart does not come to the same.'
  const cut = restoring === 'from its rows' ? ' ✂ ' : ' ⟳ '
  const meaning =
    restoring === 'from its rows'
      ? '✂ the actor left memory and was restored from its saved rows'
      : '⟳ the process was restarted, and the journal replayed from its beginning'
  return faultReport(title, [
    ['arrived', caseWords(steps, cut)],
    ['', meaning],
    ...(culprit && at !== undefined
      ? ([
          ['step', `"${culprit.step}"`],
          ['without', recordWords(records[0])],
          ['restored', recordWords(records[1])],
        ] as const)
      : differenceLines(straight.outputs.flat(), restored.outputs.flat(), ['without', 'restored'])),
    ['cause', cause],
    ['remedy', remedy],
  ])
}

/** Of two records that differ, the one nearer to the source: the other follows from it. */
function upstreamOf(
  records: readonly (StepRecord | undefined)[],
  steps: readonly string[],
): StepRecord | undefined {
  const rank = ({ step, what }: StepRecord): number => 2 * steps.indexOf(step) + (what === 'given' ? 0 : 1)
  return records.filter((record) => record !== undefined).sort((a, b) => rank(a) - rank(b))[0]
}

function explanation(
  restoring: Restoring,
  culprit: StepRecord | undefined,
  steps: readonly string[],
): readonly [cause: string, remedy: string] {
  const last = steps.at(-1)
  if (restoring === 'from the journal') {
    const where = culprit ? `step "${culprit.step}", or what stands before it,` : 'the behavior'
    return [
      `${where} is not deterministic: it uses a clock, chance, or a variable outside of the behavior, or ` +
        'counts on an event that is not plain data',
      'take time from the event or from turn.arrival, and keep what changes in the state of a durable step',
    ]
  }
  if (culprit?.what === 'given') {
    return [
      `an operator upstream of durable step "${culprit.step}" remembers events, and what a stock RxJS operator ` +
        'remembers (scan, pairwise, distinctUntilChanged, bufferTime, ...) is not saved',
      'make it a durable step, actor.durable(name, processor), or put it downstream of the last durable step',
    ]
  }
  if (culprit) {
    return [
      `what step "${culprit.step}" keeps is not all in its state, or cannot be saved`,
      'keep everything in the state that create() makes, as plain data: no closures, no classes',
    ]
  }
  return [
    `an operator ${last === undefined ? 'of the behavior' : `downstream of the last durable step, "${last}",`} ` +
      'remembers, and what it remembers is not saved',
    'make it a durable step; or put it behind actors(), where results are read; or, if results may be lost ' +
      'so, say downstreamMayForget: true',
  ]
}

const recordWords = (record: StepRecord | undefined): string => {
  if (!record) return 'nothing'
  const { what, value } = record
  if (what === 'timer') return `"${record.step}" has a timer at ${value}`
  return what === 'silence'
    ? `"${record.step}" is told of silence`
    : `"${record.step}" ${what === 'given' ? 'is given' : 'puts out'} ${valueWords(value)}`
}
