import type { Reading } from '../../../devices/wire/reading.ts'
import type { Processor } from '../../../lib/time/processor.ts'
import type { Timed } from '../../../lib/time/timed.ts'

/** Names of the stages: three that read the source, and one behind the first of them. */
export const graphStages = ['devices', 'clients', 'metrics', 'lines'] as const

/** Names of the sinks. */
export const graphSinks = ['entries', 'clients', 'milestones', 'raw', 'rejected'] as const

export interface Tally {
  count: number
  sum: number
}

/** How many readings there have been. */
export interface TallyMark extends Timed {
  readonly count: number
  readonly sum: number
}

/** Counts readings, and emits the count at every `each`-th: the same in any order of the readings. */
export const tally = (each: number): Processor<Reading, TallyMark, Tally> => ({
  create: () => ({ count: 0, sum: 0 }),
  onEvent(state, { value, time }, out) {
    state.count++
    state.sum += value
    if (state.count % each === 0) out.emit({ count: state.count, sum: state.sum, time })
  },
})

/** `c3-d7` belongs to client `c3`. */
export const clientOf = (device: string): string => device.split('-')[0] as string
