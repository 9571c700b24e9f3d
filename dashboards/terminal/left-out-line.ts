import pc from 'picocolors'
import type { Reading } from '../../devices/wire/reading.ts'
import type { LeftOut } from '../left-out-feed.ts'
import { clockTime } from './clock-time.ts'
import { plainText } from './plain-text.ts'

type Colors = ReturnType<typeof pc.createColors>

/** What was left out and why, for a person: `09:12:44  dead  v1/press-8 "nonsense": not a number`. */
export const leftOutLine = ({ kind, time, reason, value }: LeftOut, colors: Colors = pc): string =>
  `${colors.dim(`${clockTime(time)} `)} ${colors.yellow(kind)} ${plainText(`${whatIn(value)}: ${reason}`)}`

const whatIn = (value: unknown): string => {
  const { device, metric, value: number, topic, payload } = (value ?? {}) as Partial<Reading & Unreadable>
  if (device !== undefined) return `${device} ${metric} ${number}`
  if (topic === undefined) return 'something'
  const text = Buffer.from(payload ?? '', 'base64').toString()
  return `${topic} ${JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text)}`
}

interface Unreadable {
  readonly topic: string
  /** In base64. */
  readonly payload: string
}

const longestText = 60
