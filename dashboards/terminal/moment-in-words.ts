import { clockTime } from './clock-time.ts'
import { dateInWords } from './date-in-words.ts'

/** The local date and time of day, `9 May 2010 09:12:44`; `none yet` for a time that is none. */
export const momentInWords = (time: number): string =>
  Number.isNaN(new Date(time).getTime()) ? 'none yet' : `${dateInWords(time)} ${clockTime(time)}`
