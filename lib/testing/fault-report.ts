import { isDeepStrictEqual } from 'node:util'
import { valueWords } from './case-words.ts'
import { firstDifference } from './step-trace.ts'

/** What a report says, line by line, each under a label or under the one before it. */
export type ReportLines = readonly (readonly [label: string, text: string])[]

/** Both lists without what they begin and end with in common. */
export function differenceLines(
  expected: readonly unknown[],
  got: readonly unknown[],
  [one, other]: readonly [string, string] = ['expected', 'got'],
): ReportLines {
  const first = firstDifference(expected, got) ?? 0
  let tail = 0
  while (
    tail < Math.min(expected.length, got.length) - first &&
    isDeepStrictEqual(expected.at(-1 - tail), got.at(-1 - tail))
  ) {
    tail++
  }
  const lines = (label: string, all: readonly unknown[]): ReportLines => {
    const part = all.slice(first, all.length - tail)
    if (part.length === 0) return [[label, 'nothing more']]
    return part.slice(0, 10).map((value, index) => [index === 0 ? label : '', valueWords(value)])
  }
  const same = first + tail
  return [
    ...lines(one, expected),
    ...lines(other, got),
    ...(same > 0 ? [['', `${same} more ${same === 1 ? 'is' : 'are'} the same`] as const] : []),
  ]
}

/** An error that says what is wrong, and then under labels what there is to know. */
export const faultReport = (title: string, lines: ReportLines): Error =>
  new Error(
    [title, '', ...lines.map(([label, text]) => `  ${label.padEnd(10)} ${indented(text)}`)].join('\n'),
  )

/** In lines of about 100 columns, under each other. */
const indented = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => line.match(/^.{1,96}$|.{1,96}(?= |$)|\S+/g) ?? [''])
    .map((line, index) => (index > 0 && !text.includes('\n') ? line.trimStart() : line))
    .join(`\n${' '.repeat(13)}`)
