import { type CrashPoint, crashPoints } from '../../../lib/state/crash-point.ts'
import type { Random } from '../../../lib/statistics/random.ts'

/** How a process comes to its end. */
export type End =
  /** Killed, or asked to stop, so long after it was started or was ready. */
  | { readonly at: 'start' | 'work' | 'work, cleanly'; readonly afterMs: number }
  /** Killed at the nth pass of a crash point. */
  | { readonly at: CrashPoint; readonly pass: number }

export interface ScheduleOptions {
  readonly randomKills: number
  readonly killsAtEachPoint: number
  /** How much longer than on a fast disk a commit takes: points of a commit are passed as much less often. */
  readonly slowness: number
  /** How much earlier than after about a second to kill at a crash point. */
  readonly haste: number
  /** The crash points to kill at, all unless given. */
  readonly points?: readonly CrashPoint[]
}

/**
 * All kills in one random order: at random moments, one in five while it starts, and at random passes. For
 * ten at random moments there is one clean stop among them, which is no kill.
 */
export const crashSchedule = (random: Random, options: ScheduleOptions): End[] => {
  const { randomKills, killsAtEachPoint, slowness, haste, points = crashPoints } = options
  const ends: End[] = []
  for (let n = 0; n < randomKills; n++) {
    ends.push(
      n % 5 === 4
        ? { at: 'start', afterMs: random.below(600) }
        : { at: 'work', afterMs: (200 + random.below(1_000)) * Math.min(slowness, 3) },
    )
  }
  for (let n = 0; n < randomKills; n += 10) {
    ends.push({ at: 'work, cleanly', afterMs: 200 + random.below(1_000) })
  }
  for (const at of points) {
    for (let n = 0; n < killsAtEachPoint; n++) {
      ends.push({ at, pass: 1 + random.below(Math.max(2, passesAtMost[at] / slowness / haste)) })
    }
  }
  for (let last = ends.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const end = ends[last]!
    ends[last] = ends[other]!
    ends[other] = end
  }
  return ends
}

/** About what a second of work passes; rows are deleted from the outbox once a second, 500 at a time. */
const passesAtMost: Readonly<Record<CrashPoint, number>> = {
  'turn done': 5_000,
  'batch encoded': 50,
  put: 50,
  committed: 50,
  flushed: 50,
  acknowledged: 2_500,
  'slice taken': 5,
  'checkpoint put': 5,
  'checkpoint flushed': 5,
  'journal released': 5,
  passivation: 500,
  'relay published': 200,
  'relay confirmed': 200,
  'outbox deleted': 3,
}
