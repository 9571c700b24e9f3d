import type { Reading } from '../../../devices/wire/reading.ts'
import { late } from '../../../lib/time/output-tag.ts'
import type { Processor } from '../../../lib/time/processor.ts'

/**
 * Readings of one metric in the order of time and, for equal times, of value; each once, however often it
 * comes before the watermark has passed it. So what follows does not depend on the order of arrival at all.
 */
export const orderedOnce: Processor<Reading, Reading, Reading[]> = {
  create: () => [],
  onEvent(waiting, reading, out, { watermark }) {
    if (reading.time <= watermark) return out.to(late, reading)
    let place = waiting.length
    while (place > 0 && compare(waiting[place - 1]!, reading) > 0) place--
    const before = waiting[place - 1]
    if (!before || compare(before, reading) !== 0) waiting.splice(place, 0, reading)
  },
  due: (waiting) => waiting[0]?.time ?? Number.POSITIVE_INFINITY,
  onTime(waiting, time, out) {
    while (waiting.length > 0 && waiting[0]!.time <= time) out.emit(waiting.shift()!)
  },
}

export const compare = (one: Reading, other: Reading): number =>
  one.time - other.time || one.value - other.value
