import { randomFrom } from '../lib/statistics/random.ts'
import { type Duration, days, hours, minutes } from '../lib/time/duration.ts'
import type { Schedule } from './schedule.ts'

/**
 * - ahead: a day in the future.
 * - unset: counting from 1970, as after a cold start without a network.
 * - nanoseconds: the right moment in the wrong unit.
 * - stepping: set back by an hour, as by a careless time service.
 */
export type BadClockKind = 'ahead' | 'unset' | 'nanoseconds' | 'stepping'

export const badClockKinds: readonly BadClockKind[] = ['ahead', 'unset', 'nanoseconds', 'stepping']

/** A stretch in which a machine stamps its readings with the wrong time. */
export interface BadClock {
  readonly device: string
  readonly kind: BadClockKind
  readonly start: number
  readonly end: number
}

/** The time that a bad clock shows at `time`, in what it takes for milliseconds. */
export function shown({ kind, start }: BadClock, time: number): number {
  switch (kind) {
    case 'ahead':
      return time + days(1)
    case 'unset':
      return time - start
    case 'nanoseconds':
      return time * 1_000_000
    case 'stepping':
      return time - hours(1)
  }
}

interface BadClockSchedule extends Schedule {
  readonly badClockEvery: Duration
}

/** All bad clocks of a plant in order of their start, each five minutes. The kinds take turns. */
export function badClocks(devices: readonly string[], schedule: BadClockSchedule): BadClock[] {
  const random = randomFrom(schedule.seed, 4)
  const found: BadClock[] = []
  const last = schedule.start + schedule.duration
  let start = schedule.start + schedule.healthyFor + schedule.badClockEvery
  for (let turn = 0; start < last; turn++, start += schedule.badClockEvery) {
    const device = devices[random.below(devices.length)]!
    const kind = badClockKinds[turn % badClockKinds.length]!
    found.push({ device, kind, start, end: start + minutes(5) })
  }
  return found
}
