import { signal, start } from './episode-signal.js'
import { area, dot, line, picture, text } from './svg.js'

/** What the default behavior reports of the signal, seconds from its start; a test holds that. */
export const reports = [
  { phase: 'opened', status: 'provisional', second: 253 },
  { phase: 'opened', status: 'confirmed', second: 255 },
  { phase: 'updated', status: 'confirmed', second: 346 },
  { phase: 'closed', status: 'confirmed', second: 379 },
]
export const since = 240
/** The baselines that the first two reports name. */
export const baselines = [
  { mean: 71.009, standardDeviation: 0.412 },
  { mean: 71.124, standardDeviation: 0.606 },
]

const from = 180
const to = 410
const left = 56
const right = 904
const top = 84
const bottom = 330
const lowest = 69.4
const highest = 76.4
const x = (second) => left + ((second - from) / (to - from)) * (right - left)
const y = (value) => bottom - ((value - lowest) / (highest - lowest)) * (bottom - top)
const [provisional, confirmed, updated, closed] = reports.map(({ second }) => second)

const shown = signal.slice(from, to + 1)
const clock = (second) => new Date(start + second * 1_000).toISOString().slice(11, 19)

const band = (begin, end, { mean, standardDeviation }) => [
  area(
    x(begin),
    y(mean + 2 * standardDeviation),
    x(end) - x(begin),
    y(mean - 2 * standardDeviation) - y(mean + 2 * standardDeviation),
    'flow open',
  ),
  line(
    [
      [x(begin), y(mean)],
      [x(end), y(mean)],
    ],
    'flow thin dashed',
  ),
]

const grid = [70, 72, 74, 76].map((value) => [
  line(
    [
      [left, y(value)],
      [right, y(value)],
    ],
    'grid thin',
  ),
  text(left - 8, y(value) + 4, `${value}°`, 'note', 'end'),
])

const moments = [180, 240, 300, 360].map((second) =>
  text(x(second), bottom + 20, clock(second), 'note', 'middle'),
)

/** A flag at the moment of a report, its words above the chart. */
const flag = (second, words, more, height, anchor = 'start') => [
  line(
    [
      [x(second), height + 6],
      [x(second), bottom],
    ],
    'bad thin',
  ),
  text(x(second) + (anchor === 'start' ? -2 : 2), height - 12, words, 'bad title', anchor),
  text(x(second) + (anchor === 'start' ? -2 : 2), height + 2, more, 'note', anchor),
]

export const episode = () =>
  picture(
    {
      width: 920,
      height: 362,
      title:
        'A temperature leaves the band of two standard deviations around its mean. The episode is named by when that ' +
        'began, opened provisionally 13 seconds later, confirmed, updated when the score has doubled, and closed ' +
        'after ten readings back within the band.',
    },
    [
      area(x(since), top - 6, x(closed) - x(since), bottom - top + 6, 'bad open'),
      grid,
      band(from, provisional, baselines[0]),
      band(provisional, to, baselines[1]),
      line(
        [
          [x(since), top - 6],
          [x(since), bottom],
        ],
        'bad thin dashed',
      ),
      text(x(since) - 8, top + 12, 'since: its name', 'bad', 'end'),
      text(x(since) - 8, top + 28, 'when the departure began', 'note', 'end'),
      line(
        shown.map(({ value }, index) => [x(from + index), y(value)]),
        'quiet thin',
      ),
      shown.map(({ value }, index) => dot(x(from + index), y(value), 2, 'quiet')),
      flag(provisional, 'opened', 'provisional, at once', 40),
      flag(confirmed, '', '', 48),
      flag(updated, 'updated', 'the score has doubled', 40, 'end'),
      flag(closed, 'closed', 'ten readings within', 40, 'start'),
      text(x(confirmed) + 8, top + 12, 'confirmed', 'bad'),
      text(x(confirmed) + 8, top + 28, 'behind the watermark, in event order', 'note'),
      text(x(196), y(69.6), 'usual: the mean ± 2 standard deviations', 'flow small'),
      text(x(300), y(69.6), 'the baseline rests while the episode is open', 'flow small'),
      moments,
    ],
  )
