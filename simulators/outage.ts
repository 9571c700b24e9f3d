import { randomFrom } from '../lib/statistics/random.ts'
import { type Duration, seconds } from '../lib/time/duration.ts'
import type { Schedule } from './schedule.ts'

/** The network of one line is down. Its machines keep their readings and send them when it is back. */
export interface Outage {
  /** Number of the line, from 0. */
  readonly line: number
  readonly start: number
  readonly end: number
}

/** A reading sent after an outage can be overtaken by ones up to this much younger. */
export const disorder: Duration = seconds(20)

interface OutageSchedule extends Schedule {
  readonly outageEvery: Duration
}

/** All outages of a plant in order of their start, each line down at most once at a time. */
export function outages(lines: number, schedule: OutageSchedule): Outage[] {
  const random = randomFrom(schedule.seed, 3)
  const backAt = new Map<number, number>()
  const found: Outage[] = []
  const last = schedule.start + schedule.duration
  let start = schedule.start + schedule.healthyFor + schedule.outageEvery
  for (; start < last; start += schedule.outageEvery) {
    const line = random.below(lines)
    const end = start + seconds(120 + random.below(481))
    if ((backAt.get(line) ?? 0) >= start || end > last) continue
    backAt.set(line, end)
    found.push({ line, start, end })
  }
  return found
}
