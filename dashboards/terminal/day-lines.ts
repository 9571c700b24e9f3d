import pc from 'picocolors'
import { dateInWords } from './date-in-words.ts'

type Colors = ReturnType<typeof pc.createColors>

/**
 * Puts the date above a line whose day is another than that of the line before. Nobody need be told that the
 * first is of the day of `now`.
 */
export const dayLines = (now: number, colors: Colors = pc): ((time: number, line: string) => string) => {
  let day = dateInWords(now)
  return (time, line) => {
    const before = day
    day = dateInWords(time)
    return day === before ? line : `${colors.dim(day)}\n${line}`
  }
}
