import type { Reading } from '../../../devices/wire/reading.ts'
import type { Behavior } from '../../../lib/actors/behavior.ts'
import { watermarks } from '../../../lib/processors/watermarks.ts'
import { seconds } from '../../../lib/time/duration.ts'
import type { Processor } from '../../../lib/time/processor.ts'
import type { Timed } from '../../../lib/time/timed.ts'
import { boundedOutOfOrderness } from '../../../lib/time/watermark-policy.ts'

/** What a device's actor has seen, and in which order. */
export interface Ledger {
  device: string
  count: number
  /** Of every reading so far, in order: no two histories share it but by chance. */
  hash: number
  /** Sequence number of the newest reading. */
  last: number
  /** Sequence numbers passed over, first and last of each run. */
  gaps: [number, number][]
  /** Readings seen twice. */
  twice: number
  /** Readings that came after a newer one. */
  misordered: number
  /** Event time of the next mark. */
  markAt: number
}

/** One reading entered, or the timer of a mark fired. */
export interface LedgerEntry extends Timed {
  readonly kind: 'reading' | 'anomaly' | 'mark'
  readonly device: string
  readonly sequence: number
  readonly count: number
  readonly hash: number
}

/**
 * Enters each reading, whose value is its sequence number. One in twenty is an anomaly; a timer in event
 * time makes a mark every ten seconds. Both carry count and hash, so that what they say is wrong for ever
 * after one reading was lost, doubled or moved.
 */
export const ledger: Processor<Reading, LedgerEntry, Ledger> = {
  create: () => ({
    device: '',
    count: 0,
    hash: 0,
    last: 0,
    gaps: [],
    twice: 0,
    misordered: 0,
    markAt: never,
  }),
  onEvent(state, { device, value, time }, out) {
    enter(state, value)
    state.device = device
    state.count++
    state.hash = mixed(mixed(state.hash, value), time)
    if (state.markAt === never) state.markAt = (Math.floor(time / markEvery) + 1) * markEvery
    const kind = isAnomalous(device, value) ? 'anomaly' : 'reading'
    out.emit({ kind, device, sequence: value, count: state.count, hash: state.hash, time })
  },
  due: ({ markAt }) => markAt,
  onTime(state, time, out) {
    const { device, count, hash, last } = state
    state.markAt = never
    out.emit({ kind: 'mark', device, sequence: last, count, hash, time })
  },
}

export const ledgerBehavior: Behavior<Reading, LedgerEntry> = (readings, actor) =>
  readings.pipe(
    actor.durable('clock', watermarks<Reading, unknown>(boundedOutOfOrderness(seconds(1)))),
    actor.durable('ledger', ledger),
  )

const never = Number.POSITIVE_INFINITY
const markEvery = seconds(10)

const enter = (state: Ledger, sequence: number): void => {
  if (sequence > state.last) {
    if (sequence > state.last + 1) state.gaps.push([state.last + 1, sequence - 1])
    state.last = sequence
    return
  }
  const gap = state.gaps.findIndex(([first, last]) => first <= sequence && sequence <= last)
  const [first, last] = state.gaps[gap] ?? [0, 0]
  if (gap < 0) {
    state.twice++
    return
  }
  state.misordered++
  const rest: [number, number][] = [
    [first, sequence - 1],
    [sequence + 1, last],
  ]
  state.gaps.splice(gap, 1, ...rest.filter(([from, to]) => from <= to))
}

const isAnomalous = (device: string, sequence: number): boolean =>
  mixed(textHash(device), sequence) % 20 === 0

const textHash = (text: string): number => [...Buffer.from(text)].reduce(mixed, 0)

/** One round of a 32-bit hash: order matters. Numbers beyond 32 bits count with all their bits. */
const mixed = (hash: number, number: number): number => {
  let mixing = Math.imul(hash ^ (number | 0), 0x85ebca6b)
  mixing = Math.imul(mixing ^ (mixing >>> 13) ^ Math.floor(number / 2 ** 32), 0xc2b2ae35)
  return (mixing ^ (mixing >>> 16)) >>> 0
}
