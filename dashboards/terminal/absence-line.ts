import pc from 'picocolors'
import type { DeviceAbsence } from '../../devices/wire/absence.ts'
import { clockTime } from './clock-time.ts'
import { lengthInWords } from './length-in-words.ts'
import { plainText } from './plain-text.ts'

type Colors = ReturnType<typeof pc.createColors>

/** Who is silent or back, for a person: `09:12:44  press-7 is silent, last heard at 09:07:41`. */
export const absenceLine = ({ device, phase, time, since }: DeviceAbsence, colors: Colors = pc): string => {
  const what =
    phase === 'absent'
      ? `is ${colors.yellow('silent')}, last heard at ${clockTime(since)}`
      : `is back after ${lengthInWords(time - since)}`
  return `${colors.dim(`${clockTime(time)} `)} ${colors.bold(plainText(device))} ${what}`
}
