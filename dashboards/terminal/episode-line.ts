import pc from 'picocolors'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import { clockTime } from './clock-time.ts'
import { lengthInWords } from './length-in-words.ts'
import { plainText } from './plain-text.ts'
import { digitsFor, usualRange } from './usual-range.ts'

type Colors = ReturnType<typeof pc.createColors>

const verbs: Readonly<Record<Anomaly['detector'], string>> = {
  reading: 'is',
  minute: 'averaged over a minute is',
  spread: 'within a minute spreads by',
}

/** What happened, for a person: `09:12:44  press-7 temperature 84.3, usually 70.0 to 72.8: …`. */
export const episodeLine = (anomaly: Anomaly, colors: Colors = pc): string => {
  const { device, metric, value, time, baseline, detector } = anomaly
  const digits = digitsFor(baseline.standardDeviation)
  return [
    colors.dim(`${clockTime(time)} `),
    colors.bold(plainText(device)),
    plainText(metric),
    `${verbs[detector]} ${colors.yellow(value.toFixed(digits))},`,
    `usually ${usualRange(baseline)}:`,
    `${howUnusual(anomaly)};`,
    phaseInWords(anomaly),
  ].join(' ')
}

const howUnusual = ({ score }: Anomaly): string => {
  const size = Math.abs(score)
  const sigmas = size < 100 ? size.toFixed(1) : 'over 100'
  return `${sigmas} standard deviations ${score < 0 ? 'below' : 'above'}`
}

const phaseInWords = ({ phase, status, since, time }: Anomaly): string => {
  if (status === 'withdrawn') return 'withdrawn, order of events explains it'
  if (phase === 'closed') return `closed after ${lengthInWords(time - since)}`
  if (phase === 'updated') return `${status}, worse since ${clockTime(since)}`
  return status
}
