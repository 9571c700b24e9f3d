import { timeInWords } from './time-in-words.ts'

/**
 * How far event time has come in what a stage puts out, which is the watermark of the next stage: just before
 * the earliest moment for which it may still emit. A result stamped T is never late there, because T is at or
 * after that moment.
 *
 * @param before The value of before. It never goes back.
 * @param position The earliest event time for which a timer may still fire: that of the timer the sweep is
 * at, and W + 1 when all up to the watermark W of the stage have fired.
 * @param holds For steps that may emit earlier than their timers: the earliest time at which each still may,
 * Infinity for none.
 */
export function outputWatermark(before: number, position: number, holds: readonly number[]): number {
  let earliest = position
  for (const hold of holds) if (hold < earliest) earliest = hold
  return Math.max(before, earliest - 1)
}

/** Refuses an output that the next stage would take for late: one stamped at or before its watermark. */
export function checkOutputTime(step: string, time: number, watermark: number): void {
  if (time > watermark) return
  const stamp = `step "${step}" emitted an output of time ${timeInWords(time)}`
  const passed = `which the next stage has passed (watermark ${timeInWords(watermark)})`
  throw new RangeError(`${stamp}, ${passed}: declare a hold for as long as such an output may come`)
}
