/**
 * A time as text or number that reads as the same time again, whatever it is: in ISO 8601, which nobody takes
 * for another unit, where that can say it; else as epoch milliseconds.
 */
export const timeStamp = (time: number): string | number =>
  Number.isInteger(time) && time >= year0 && time < year10000 ? new Date(time).toISOString() : time

const year0 = Date.parse('0000-01-01T00:00:00Z')
const year10000 = Date.UTC(10_000, 0, 1)
