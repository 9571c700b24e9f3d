import { timeInWords } from './time-in-words.ts'
import type { Timed } from './timed.ts'

/** Why `event` went to the late output of a step whose watermark was `watermark`. */
export const lateness = ({ time }: Timed, watermark: number): string =>
  `time ${timeInWords(time)} is ${watermark - time} ms behind the watermark, later than the ` +
  'bound on out-of-orderness allows: raise the bound by more than that to accept it'
