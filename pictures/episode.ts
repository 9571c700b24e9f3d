import { seconds } from '../lib/time/duration.ts'
import { episodeRun, fault, type Published } from './episode-run.ts'
import { area, dot, line, type Point, picture, text } from './svg.ts'

const { readings, published } = episodeRun()
const report = (phase: string, status: string): Published => {
  const found = published.find(({ anomaly }) => anomaly.phase === phase && anomaly.status === status)
  if (found === undefined) throw new Error(`the run reports nothing that is ${phase} and ${status}`)
  return found
}
const provisional = report('opened', 'provisional')
const confirmed = report('opened', 'confirmed')
const closed = report('closed', 'confirmed')
const { since, baseline } = confirmed.anomaly

const from = fault.start - seconds(60)
const to = fault.start + seconds(230)
const [left, right, top, bottom] = [64, 904, 92, 312]
const [lowest, highest] = [2.2, 4.2]
const at = (time: number, value: number): Point => [
  left + ((time - from) / (to - from)) * (right - left),
  bottom - ((value - lowest) / (highest - lowest)) * (bottom - top),
]
const clock = (time: number): string => new Date(time).toISOString().slice(11, 19)
const after = ({ at: moment }: Published): string => `${Math.round((moment - since) / 1_000)} s`

const grid = [2.5, 3, 3.5, 4].map((value) => [
  line([at(from, value), at(to, value)], 'grid thin'),
  text([left - 8, at(from, value)[1] + 4], value.toFixed(1), 'note', 'end'),
])

const moments = [0, 60, 120, 180, 240].map((second) => {
  const [x] = at(from + seconds(second), lowest)
  return text([x, bottom + 20], clock(from + seconds(second)), 'note', 'middle')
})

const [low, high] = [-2, 2].map((sigmas) => baseline.mean + sigmas * baseline.standardDeviation) as [
  number,
  number,
]
const usual = [
  area(at(from, high), at(to, low), 'flow'),
  line([at(from, baseline.mean), at(to, baseline.mean)], 'flow thin dashed'),
  text([at(confirmed.at, 0)[0] + 10, bottom - 8], 'usual: the mean ± 2 standard deviations', 'flow small'),
]

const measured = [
  line(
    readings.filter(({ time }) => time >= from && time <= to).map(({ time, value }) => at(time, value)),
    'quiet thin',
  ),
  dot(at(provisional.anomaly.time, provisional.anomaly.value), 4, 'bad'),
]

/** A line at the moment of a report, with words above it. */
const flag = ({ at: moment }: Published, words: string, more: string, anchor: 'end' | '' = '') => {
  const [x] = at(moment, lowest)
  const beside = anchor === 'end' ? x + 3 : x - 3
  return [
    line(
      [
        [x, 46],
        [x, bottom],
      ],
      'bad thin',
    ),
    text([beside, 20], words, 'bad title', anchor),
    text([beside, 38], more, 'note', anchor),
  ]
}

const [sinceX] = at(since, lowest)
const name = [
  line(
    [
      [sinceX, top - 20],
      [sinceX, bottom],
    ],
    'bad thin dashed',
  ),
  text([sinceX - 8, top - 8], 'since: start of the episode,', 'bad small', 'end'),
  text([sinceX - 8, top + 8], 'part of its name', 'bad small', 'end'),
]

const title =
  `A vibration leaves the band of two standard deviations around its mean at ${clock(since)}. The episode, named ` +
  `by that moment, is opened provisionally ${after(provisional)} later, confirmed after ${after(confirmed)}, when ` +
  'the watermark has passed, and closed when ten readings in a row are usual again and the watermark has passed them.'

export const episode = (): string =>
  picture(920, bottom + 32, title, [
    area([sinceX, top - 20], [at(closed.at, 0)[0], bottom], 'bad'),
    usual,
    grid,
    measured,
    name,
    flag(provisional, 'opened', `provisional, after ${after(provisional)}`, 'end'),
    flag(confirmed, 'confirmed', `after ${after(confirmed)}, in order of event time`),
    flag(closed, 'closed', 'after ten usual readings in a row', 'end'),
    text([left - 56, 20], 'vibration, mm/s', 'title'),
    moments,
  ])
