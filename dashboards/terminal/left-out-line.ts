import pc from 'picocolors'
import { leftOutContent } from '../left-out-content.ts'
import type { LeftOut } from '../left-out-feed.ts'
import { clockTime } from './clock-time.ts'
import { plainText } from './plain-text.ts'

type Colors = ReturnType<typeof pc.createColors>

/** What was left out and why, for a person: `09:12:44  dead  v1/press-8 "nonsense": not a number`. */
export const leftOutLine = ({ kind, time, reason, value }: LeftOut, colors: Colors = pc): string =>
  `${colors.dim(`${clockTime(time)} `)} ${colors.yellow(kind)} ${plainText(`${whatIn(value)}: ${reason}`)}`

const whatIn = (value: unknown): string => {
  const { device, metric, value: number, topic, payload = '' } = leftOutContent(value)
  if (topic !== undefined) return `${topic} ${JSON.stringify(beginningOf(payload))}`
  if (device === undefined) return 'something'
  return [device, metric, number].filter((part) => part !== undefined).join(' ')
}

const beginningOf = (payload: string): string => {
  const text = Buffer.from(payload, 'base64').toString()
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text
}

const longestText = 60
