import type { Due } from '../../state/store.ts'
import { type Duration, milliseconds, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import type { Listening } from './listening.ts'
import type { Resident } from './resident.ts'
import type { Residents } from './residents.ts'
import { dueTick, firstTickAfter, type SilenceTimes } from './silence-times.ts'

/** Time between two looks at who is silent, and while more are due than may be ticked at once. */
const lookEvery: Duration = seconds(1)
const lookWhileBusyEvery: Duration = milliseconds(100)

/** After this time without a look the process was stopped: what came meanwhile is to be read first. */
const leastStop: Duration = seconds(5)

/** A time server corrects less than this without a jump. */
const leastChange: Duration = seconds(1)

/** Due rows passed over in one look, of actors that are in memory anyway, for each tick it may give. */
const rowsPerTick = 4

export interface SilenceOptions {
  readonly times: SilenceTimes
  /** In memory and asleep together: a power cut on site must not wake a million actors at once. */
  readonly ticksPerSecond: number
  readonly clock: WallClock
  readonly residents: Residents
  readonly listening: Listening
  /** While it is true nobody is ticked: who has not been given all of the journal yet only seems silent. */
  readonly isPaused: () => boolean
  readonly tick: (resident: Resident, kind: 'idle' | 'close', arrival: number) => void
  /** Called with what a look threw: nobody else would hear of it. It was the last one. */
  readonly fail: (reason: Error) => void
}

/**
 * Notices actors that are silent while something of theirs is pending, and ticks each once a silence, and
 * once more when it has lasted so long that what is open is to be closed. Those in memory are found by their
 * order, those asleep by their due rows. Returns a function that stops it.
 */
export function watchSilence({
  times,
  ticksPerSecond,
  clock,
  residents,
  listening,
  isPaused,
  tick,
  fail,
}: SilenceOptions): () => void {
  const ticksAtATime = Math.max(1, Math.ceil((ticksPerSecond * lookWhileBusyEvery) / seconds(1)))
  let cancel = clock.after(lookEvery, look)
  let difference = clock.now() - clock.monotonic()
  let lookedAt = clock.monotonic()

  function look(): void {
    try {
      followTheClock()
      const before = lookedAt
      lookedAt = clock.monotonic()
      const wasStopped = lookedAt - before >= leastStop
      const ticks = isPaused() || wasStopped ? 0 : tickTheSilent(clock.now())
      cancel = clock.after(ticks < ticksAtATime && !wasStopped ? lookEvery : lookWhileBusyEvery, look)
    } catch (error) {
      fail(error as Error)
    }
  }

  /** Notices that the time of day was set, or that the machine has slept. */
  function followTheClock(): void {
    const before = difference
    difference = clock.now() - clock.monotonic()
    if (Math.abs(difference - before) >= leastChange) listening.adjust(difference - before)
  }

  function tickTheSilent(now: number): number {
    let ticks = 0
    for (const list of residents.order.lists) {
      for (let resident = list.oldest; resident && ticks < ticksAtATime; ) {
        if (now - resident.lastEvent < firstTickAfter(times)) break
        const { newer } = resident
        if (tickIfDue(resident, now)) ticks++
        resident = newer
      }
    }
    for (let rows = 0; ticks < ticksAtATime && rows < rowsPerTick * ticksAtATime; ) {
      const due = residents.due.take(now, ticksAtATime - ticks)
      for (const row of due) if (wakeIfDue(row, now)) ticks++
      rows += due.length
      if (due.length === 0) break
    }
    residents.makeRoom()
    return ticks
  }

  function wakeIfDue(row: Due, now: number): boolean {
    const resident = residents.wakeDue(row)
    if (!resident) return false
    if (!tickIfDue(resident, now)) residents.correctDue(resident)
    return true
  }

  function tickIfDue(resident: Resident, now: number): boolean {
    if (resident.lastEvent === 0) {
      // Saved before anything said when that was: its silence counts from now.
      residents.order.heard(resident, now)
      return false
    }
    const kind = dueTick(times, resident, now)
    if (!kind || !resident.actor.isPending) return false
    resident.silence = kind === 'close' ? 'closed' : 'idle'
    tick(resident, kind, now)
    return true
  }

  return () => cancel()
}
