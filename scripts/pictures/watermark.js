import { area, dot, line, picture, text } from './svg.js'

/** Event times in the order of arrival, in seconds, and what is to be said of some. */
export const arrivals = [
  { at: 3 },
  { at: 8 },
  { at: 6, note: 'out of order, and in time: the watermark is at 3' },
  { at: 12 },
  { at: 9, note: 'out of order, and in time' },
  { at: 16, note: 'the watermark passes 10: the window is final, 4 events' },
  { at: 7, note: 'behind the watermark: late, an output of its own' },
  { at: 19 },
]
export const bound = 5
export const window = { start: 0, end: 10 }

/** Where the watermark stands after each arrival. The millisecond behind it cannot be seen at this scale. */
export const watermarksAfter = arrivals.map((_, index) =>
  Math.max(0, Math.max(...arrivals.slice(0, index + 1).map(({ at }) => at)) - bound),
)

const left = 96
const perSecond = 22
const top = 74
const rowHeight = 34
const last = 20
const x = (second) => left + second * perSecond
const y = (row) => top + row * rowHeight
const bottom = y(arrivals.length)

const axis = Array.from({ length: last / 5 + 1 }, (_, index) => index * 5).map((second) => [
  line(
    [
      [x(second), top - 8],
      [x(second), bottom],
    ],
    'grid thin',
  ),
  text(x(second), top - 16, `${second} s`, 'note', 'middle'),
])

const before = (row) => (row === 0 ? 0 : watermarksAfter[row - 1])

const steps = arrivals.flatMap((_, row) => [
  [x(before(row)), y(row)],
  [x(before(row)), y(row) + rowHeight / 2],
  [x(watermarksAfter[row]), y(row) + rowHeight / 2],
  [x(watermarksAfter[row]), y(row + 1)],
])

const rows = arrivals.map(({ at, note }, row) => {
  const middle = y(row) + rowHeight / 2
  const isLate = at <= before(row)
  const inWindow = at < window.end
  return [
    text(left - 18, middle + 5, `${row + 1}`, 'note', 'end'),
    dot(x(at), middle, 7, isLate ? 'bad' : inWindow ? 'good' : 'quiet'),
    text(x(at) + 12, middle - 4, `${at}`, 'note'),
    note
      ? text(x(last) + 20, middle + 5, note, isLate ? 'bad' : note.includes('final') ? 'good' : 'note')
      : [],
  ]
})

export const watermark = () =>
  picture(
    {
      width: 920,
      height: bottom + 44,
      title:
        `Eight events in the order of arrival, at ${arrivals.map(({ at }) => at).join(', ')} seconds of event time. ` +
        `The watermark stays ${bound} seconds behind the latest. When it passes 10 the window from 0 to 10 is final; ` +
        'the event at 7 that comes after that is late.',
    },
    [
      text(x(0), 22, 'event time, when it happened', 'title'),
      text(left - 18, top - 16, 'arrival', 'note', 'end'),
      area(
        x(window.start),
        top - 8,
        (window.end - window.start) * perSecond,
        y(6) - top - rowHeight / 2 + 8,
        'good open',
      ),
      axis,
      text(x(window.start) + 8, top + 12, 'window 0–10 s', 'good small'),
      line(steps, 'flow'),
      rows,
      text(
        x(watermarksAfter.at(-1)),
        bottom + 18,
        `the watermark, ${bound} s behind the latest event`,
        'flow',
        'middle',
      ),
    ],
  )
