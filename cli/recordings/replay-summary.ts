import { leftOutContent } from '../../dashboards/left-out-content.ts'
import type { LeftOut } from '../../dashboards/left-out-feed.ts'
import { plainText } from '../../dashboards/terminal/plain-text.ts'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import type { Played } from '../../simulators/recordings/play-recording.ts'

export interface BadLine {
  readonly file: string
  readonly line: number
  readonly reason: string
}

export interface ReplayResult extends Omit<Played, 'time' | 'bytes'> {
  readonly files: number
  readonly devices: number
  /** The first of the bad lines. */
  readonly faults: readonly BadLine[]
  /** What was not asked for and holds text. */
  readonly textColumns: readonly string[]
  /** Undefined when nobody watched what came out. */
  readonly found:
    | {
        /** False when NATS was away for a while, so that there may be more. */
        readonly isComplete: boolean
        readonly anomalies: number
        readonly episodes: number
        readonly withdrawn: number
        readonly strongest: readonly Anomaly[]
        readonly leftOut: Readonly<Record<LeftOut['kind'], number>>
        readonly examples: readonly Omit<LeftOut, 'time'>[]
      }
    | undefined
}

/** The end of a replay, for a person. */
export const replaySummary = (result: ReplayResult): string => {
  const { readings, devices, files, lines, badLines, publishes, acknowledged, faults, textColumns } = result
  return [
    `${readings} readings of ${count(devices, 'device')} in ${count(files, 'file')}: ${publishes} publishes, ${acknowledged} acknowledged`,
    ...(textColumns.length > 0
      ? [
          `left out, as they hold text: ${textColumns.map(plainText).join(', ')}; name the columns wanted with --values`,
        ]
      : []),
    ...(badLines > 0 ? [`${badLines} of ${lines} lines with something that could not be read:`] : []),
    ...faults.map(({ file, line, reason }) => `  ${plainText(`${file}:${line}: ${reason}`)}`),
    ...(badLines > faults.length ? [`  and ${badLines - faults.length} more`] : []),
    ...foundInWords(result.found),
  ].join('\n')
}

const foundInWords = (found: ReplayResult['found']): string[] => {
  if (!found) return ['anomalies were not watched: name the NATS server with --nats to do so']
  const { isComplete, anomalies, episodes, withdrawn, strongest, leftOut, examples } = found
  const { late, quarantined, dead } = leftOut
  return [
    ...(isComplete ? [] : ['NATS was away for a while: there may be more than was seen']),
    ...(late + quarantined + dead > 0
      ? [`left out: ${late} late, ${quarantined} quarantined, ${dead} that could not be read`]
      : []),
    ...examples.map(({ kind, device, value, reason }) =>
      plainText(`  ${kind} ${device} ${timeIn(value)}: ${reason}`),
    ),
    episodes === 0
      ? 'no anomaly was seen'
      : `${anomalies} anomalies seen, of ${count(episodes, 'episode')}, ${withdrawn} withdrawn`,
    ...(episodes > strongest.length ? ['the strongest:'] : []),
    ...strongest.map(({ time, device, metric, value, score, detector }) =>
      plainText(
        `  ${inWords(time)}  ${device} ${detector === 'spread' ? `spread of ${metric}` : metric} ${Number(value.toPrecision(5))}, ${sizeInWords(score)} standard deviations ${score < 0 ? 'below' : 'above'} usual`,
      ),
    ),
  ]
}

const count = (number: number, name: string): string => `${number} ${name}${number === 1 ? '' : 's'}`

const sizeInWords = (score: number): string =>
  Math.abs(score) < 100 ? Math.abs(score).toFixed(1) : 'over 100'

const timeIn = (value: unknown): string => {
  const { time } = leftOutContent(value)
  return time === undefined ? '' : `at ${inWords(time)}`
}

/** Event time, with its date: it was another day. */
export const inWords = (time: number): string =>
  Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().slice(0, 19).replace('T', ' ') : String(time)
