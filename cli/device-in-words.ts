import pc from 'picocolors'
import { dateInWords } from '../dashboards/terminal/date-in-words.ts'
import { lengthInWords } from '../dashboards/terminal/length-in-words.ts'
import { plainText } from '../dashboards/terminal/plain-text.ts'
import { usualRange } from '../dashboards/terminal/usual-range.ts'
import { readingWarmUp } from '../devices/detectors/reading-detector.ts'
import type { KnownDevice, KnownMetric } from '../devices/known-device.ts'
import { days } from '../lib/time/duration.ts'

type Colors = ReturnType<typeof pc.createColors>

/** A device and its metrics, one a line, as they are known at `now`. */
export const deviceInWords = (
  { device, lastSeen, metrics }: KnownDevice,
  now: number,
  colors: Colors = pc,
): string =>
  [
    `${colors.bold(plainText(device))}  ${colors.dim(seenInWords(lastSeen, now))}`,
    ...metrics.map(
      (metric) =>
        `  ${plainText(metric.metric)} ${colors.cyan(short(metric.value))}  ${colors.dim(learnedInWords(metric))}`,
    ),
  ].join('\n')

const seenInWords = (lastSeen: number, now: number): string => {
  if (!Number.isFinite(lastSeen)) return 'none of its times can be trusted'
  const before = Math.max(0, now - lastSeen)
  return `last seen ${before < days(2) ? `${lengthInWords(before)} ago` : dateInWords(lastSeen)}`
}

/** Readings that wait for their order do not belong to the baseline yet, however many there are. */
const learnedInWords = ({ baseline, waiting }: KnownMetric): string =>
  baseline.count < readingWarmUp
    ? `learning: ${Math.min(baseline.count + waiting, readingWarmUp)} of ${readingWarmUp} readings`
    : `usually ${usualRange(baseline)}`

const short = (value: number): string => String(Number(value.toPrecision(4)))
