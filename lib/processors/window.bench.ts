import { bench, describe, expect } from 'vitest'
import { mean } from '../statistics/mean.ts'
import { minutes, seconds } from '../time/duration.ts'
import type { Output } from '../time/output.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { ClockTurn } from '../time/turn.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { inSequence } from './in-sequence.ts'
import { tumbling } from './tumbling.ts'
import { watermarks } from './watermarks.ts'
import { window } from './window.ts'

// Events through the clock step and a one-minute window, beside a loop written by hand that does the same
// sums: `npx vitest bench lib/processors`. Every way ends in a hash of its results: they must be the same, or
// one of them does not do the work.

type Measured = Timed & { readonly value: number }

const bound = seconds(30)
const size = minutes(1)

/** One value a second, each up to `bound` early or late. */
const measure = (count: number): Measured[] =>
  Array.from({ length: count }, (_, index) => ({
    time: 1_763_000_000_000 + index * 1_000 - ((index * 7_919) % 30) * 1_000,
    value: (index * 31) % 1_009,
  }))

class Hash {
  private hash = 0x811c9dc5

  add(number: number): void {
    this.hash = Math.imul(this.hash ^ (number % 4_294_967_291), 0x01000193)
  }

  toString(): string {
    return (this.hash >>> 0).toString(16)
  }
}

/** The least an actor does: the event, then what is due at the watermark it caused. */
const drive = (
  processor: Processor<Measured, { time: number; value: number }>,
  events: readonly Measured[],
): string => {
  const hash = new Hash()
  const state = processor.create()
  const out: Output<{ time: number; value: number }> = {
    emit({ time, value }) {
      hash.add(time)
      hash.add(Math.round(value * 1_000))
    },
    to() {},
  }
  const turn = {
    key: 'k',
    subkey: '',
    watermark: Number.NEGATIVE_INFINITY,
    arrival: Number.MAX_SAFE_INTEGER,
    target: Number.NEGATIVE_INFINITY,
    advance(watermark: number) {
      if (watermark > turn.target) turn.target = watermark
    },
  } satisfies ClockTurn & { target: number }
  for (const event of events) {
    processor.onEvent(state, event, out, turn)
    for (let due = processor.due!(state); due <= turn.target; due = processor.due!(state)) {
      processor.onTime!(state, due, out, turn)
    }
    turn.watermark = turn.target
  }
  return String(hash)
}

const byHand = (events: readonly Measured[]): string => {
  const hash = new Hash()
  const windows = new Map<number, { count: number; mean: number }>()
  let latest = Number.NEGATIVE_INFINITY
  let watermark = Number.NEGATIVE_INFINITY
  for (const { time, value } of events) {
    const start = time - (time % size)
    if (start + size - 1 > watermark) {
      const pane = windows.get(start) ?? { count: 0, mean: 0 }
      if (pane.count === 0) windows.set(start, pane)
      pane.count += 1
      pane.mean += (value - pane.mean) / pane.count
    }
    if (time > latest) latest = time
    watermark = latest - bound - 1
    for (const [start, pane] of windows) {
      if (start + size - 1 > watermark) continue
      hash.add(start + size - 1)
      hash.add(Math.round(pane.mean * 1_000))
      windows.delete(start)
    }
  }
  return String(hash)
}

const count = 100_000
const events = measure(count)
const pipeline = inSequence(
  watermarks<Measured, { latest: number }>(boundedOutOfOrderness(bound)),
  window(tumbling(size), mean()),
)
const hash = byHand(events)

describe(`${count} events a run, results ${hash}`, () => {
  bench('watermarks and window', () => {
    expect(drive(pipeline, events)).toBe(hash)
  })
  bench('by hand', () => {
    expect(byHand(events)).toBe(hash)
  })
})
