/**
 * Epoch milliseconds in words, with what a calendar says of them where it reaches: the largest time that a
 * Date can hold is 8.64e15.
 */
export const timeInWords = (time: number): string =>
  Math.abs(time) <= 8.64e15 ? `${time} (${new Date(time).toISOString()})` : String(time)
