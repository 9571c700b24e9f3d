/** Values waiting for the watermark, in order of time and, at the same time, of value. Plain data. */
export interface PendingValues {
  /** Place of the earliest in the ring. */
  head: number
  length: number
  /** A ring of pairs: time, value. */
  cells: Float64Array
}

/** Values the ring holds at first, as many as V8 keeps beside an array's head, and the least it grows by. */
const first = 4
const step = 16

/** Half as much again, so that a ring that grows long copies each value a few times and no more. */
const grown = (length: number): number => length + Math.max(step, length >> 1)

export const noPending = (): PendingValues => ({ head: 0, length: 0, cells: new Float64Array(0) })

/** Time of the earliest. Infinity when nothing waits. */
export const pendingTime = ({ cells, head, length }: PendingValues): number =>
  length === 0 ? Number.POSITIVE_INFINITY : cells[head * 2]!

/** Value of the earliest. */
export const pendingValue = ({ cells, head }: PendingValues): number => cells[head * 2 + 1]!

/** Adds one. Costs as many moves as there are later ones, so nothing when values come in order. */
export function addPending(pending: PendingValues, time: number, value: number): void {
  if (pending.length * 2 === pending.cells.length) {
    resize(pending, pending.length === 0 ? first : grown(pending.length))
  }
  const { cells, head } = pending
  const capacity = cells.length / 2
  let place = head + pending.length
  if (place >= capacity) place -= capacity
  for (let left = pending.length; left > 0; left--) {
    const before = place === 0 ? capacity - 1 : place - 1
    const earlier = cells[before * 2]!
    if (earlier < time || (earlier === time && cells[before * 2 + 1]! <= value)) break
    cells[place * 2] = earlier
    cells[place * 2 + 1] = cells[before * 2 + 1]!
    place = before
  }
  cells[place * 2] = time
  cells[place * 2 + 1] = value
  pending.length++
}

/** Takes away the earliest. Gives back memory after a burst. */
export function dropPending(pending: PendingValues): void {
  pending.length--
  pending.head = (pending.head + 1) * 2 === pending.cells.length ? 0 : pending.head + 1
  if (pending.cells.length > 8 * step && pending.length * 8 < pending.cells.length) {
    resize(pending, pending.length + step)
  }
}

function resize(pending: PendingValues, capacity: number): void {
  const { cells, head, length } = pending
  const moved = new Float64Array(capacity * 2)
  const untilEnd = Math.min(length, cells.length / 2 - head)
  moved.set(cells.subarray(head * 2, (head + untilEnd) * 2))
  moved.set(cells.subarray(0, (length - untilEnd) * 2), untilEnd * 2)
  pending.cells = moved
  pending.head = 0
}
