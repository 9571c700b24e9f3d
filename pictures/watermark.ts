import { seconds } from '../lib/time/duration.ts'
import { boundedOutOfOrderness } from '../lib/time/watermark-policy.ts'
import { area, dot, line, type Point, picture, text } from './svg.ts'

/** Event times in the order of arrival, in seconds, and what is to be said of some. */
const arrivals = [
  { at: 3 },
  { at: 8 },
  { at: 6, note: 'out of order, and in time: the watermark is at 3 s' },
  { at: 12 },
  { at: 9, note: 'out of order, and in time' },
  { at: 16, note: 'the watermark passes 10 s: window final, 4 events', kind: 'good small' },
  { at: 7, note: 'behind the watermark: late, an output of its own', kind: 'bad small' },
  { at: 19 },
]
const bound = 5
const windowEnd = 10

const policy = boundedOutOfOrderness(seconds(bound))
const latest = policy.create()
/** Where the watermark stands after each arrival, but not before 0, and without its extra millisecond. */
const watermarks = arrivals.map(({ at }) =>
  Math.max(0, Math.round(policy.observe(latest, seconds(at)) / 1_000)),
)
const before = (row: number): number => watermarks[row - 1] ?? 0

const rowHeight = 34
const [left, top] = [96, 66]
const bottom = top + arrivals.length * rowHeight
const at = (second: number, row: number): Point => [left + second * 22, top + row * rowHeight]

const axis = [0, 5, 10, 15, 20].map((second) => [
  line([at(second, -0.2), at(second, arrivals.length)], 'grid thin'),
  text(at(second, -0.5), `${second} s`, 'note', 'middle'),
])

const stairs = arrivals.flatMap((_, row): Point[] => [
  at(before(row), row),
  at(before(row), row + 0.5),
  at(watermarks[row]!, row + 0.5),
  at(watermarks[row]!, row + 1),
])

/** Where the stairs have come to, in blue. */
const steps = watermarks.map((second, row) => {
  const [x, y] = at(second, row + 1)
  return second === before(row) ? [] : text([x - 5, y - 3], `${second} s`, 'flow small', 'end')
})

const rows = arrivals.map(({ at: second, note, kind = 'note' }, row) => {
  const [x, y] = at(second, row + 0.5)
  const hue = second <= before(row) ? 'bad' : second < windowEnd ? 'good' : 'quiet'
  return [
    text([left - 22, y + 5], `${row + 1}`, 'note', 'end'),
    dot([x, y], 7, hue),
    text([x + 11, y - 5], `${second} s`, 'note'),
    note === undefined ? [] : text([at(20, 0)[0] + 24, y + 5], note, kind),
  ]
})

const closing = watermarks.findIndex((watermark) => watermark >= windowEnd)

const title =
  `Eight events in the order of arrival, at ${arrivals.map(({ at }) => at).join(', ')} seconds of event time. ` +
  `The watermark stays ${bound} seconds behind the latest. When it passes ${windowEnd} the window from 0 to ` +
  `${windowEnd} is final; the event at 7 that comes after that is late.`

export const watermark = (): string =>
  picture(920, bottom + 30, title, [
    text([left, 20], 'event time: when it happened', 'title'),
    text([left - 22, at(0, -0.5)[1]], 'arrival', 'note', 'end'),
    area(at(0, -0.2), at(windowEnd, closing + 0.5), 'good'),
    axis,
    text([at(5, 0)[0] + 8, top + 12], 'window 0–10 s', 'good small'),
    line(stairs, 'flow'),
    steps,
    rows,
    text(
      [at(watermarks.at(-1)!, 0)[0], bottom + 18],
      `the watermark, ${bound} s behind the latest`,
      'flow',
      'middle',
    ),
  ])
