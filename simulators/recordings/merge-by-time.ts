import type { RecordedLine } from './recorded-line.ts'

/**
 * Lines of several files as one recording: always that whose time is earliest. Lines of one file keep their
 * order, and one that could not be read comes as soon as it is met.
 */
export async function* mergeByTime(
  sources: readonly AsyncIterable<RecordedLine>[],
): AsyncGenerator<RecordedLine> {
  const heads = await Promise.all(
    sources.map(async (source) => {
      const lines = source[Symbol.asyncIterator]()
      return { lines, next: await lines.next() }
    }),
  )
  let open = heads.filter(({ next }) => !next.done)
  while (open.length > 0) {
    const first = open.reduce((best, head) => (timeOf(head.next) < timeOf(best.next) ? head : best))
    yield first.next.value as RecordedLine
    first.next = await first.lines.next()
    if (first.next.done) open = open.filter((head) => head !== first)
  }
}

const timeOf = ({ value }: IteratorResult<RecordedLine>): number =>
  (value as RecordedLine).readings[0]?.time ?? Number.NEGATIVE_INFINITY
