import { describe, expect, test } from 'vitest'
import { count } from '../statistics/count.ts'
import { mean } from '../statistics/mean.ts'
import { sum } from '../statistics/sum.ts'
import { at, type Given, silence, tagged, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { late } from '../time/output-tag.ts'
import type { Timed } from '../time/timed.ts'
import type { Assigner } from './assigner.ts'
import { mapResults } from './map-results.ts'
import { perKey } from './per-key.ts'
import { tumbling } from './tumbling.ts'
import { type WindowResult, window } from './window.ts'

/** A count over [start, end), stamped with the last moment inside. */
const counted = (
  start: number,
  end: number,
  count: number,
  status: WindowResult<number>['status'] = 'final',
) => ({
  time: end - 1,
  window: { start, end },
  value: count,
  count,
  status,
})

// Two assigners that are not part of tidemark yet: what holds for every assigner must hold for these.
const sliding = (size: number, slide: number): Assigner => ({
  latestStart: (time) => Math.floor(time / slide) * slide,
  startBefore: (start, time) => (start - slide > time - size ? start - slide : Number.NEGATIVE_INFINITY),
  endOf: (start) => start + size,
})
const session = (gap: number): Assigner => ({
  latestStart: (time) => time,
  startBefore: () => Number.NEGATIVE_INFINITY,
  endOf: (start) => start + gap,
  merging: true,
})

interface Case {
  readonly name: string
  readonly assigner: Assigner
  readonly allowedLateness?: number
  readonly given: readonly Given<Timed>[]
  readonly expected: readonly unknown[]
}

/** The numbers of Flink's WindowOperatorTest for one key, and the boundaries that its source states. */
const flinkCases: readonly Case[] = [
  {
    name: 'a tumbling window fires when the watermark reaches its last moment, once, and empty ones never',
    assigner: tumbling(3_000),
    given: [
      ...[3_999, 3_000, 1_998, 1_999, 1_000].map((time) => at(time, 1)),
      ...[999, 1_999, 2_998, 2_999, 3_999, 4_999, 5_999, 6_999, 7_999].map(watermark),
    ],
    expected: [counted(0, 3_000, 3), counted(3_000, 6_000, 2)],
  },
  {
    name: 'an event is late as soon as the watermark stands at the last moment of its window',
    assigner: tumbling(2_000),
    given: [
      at(1_000, 1),
      watermark(1_985),
      at(1_980, 1),
      watermark(1_999),
      at(1_998, 1),
      at(2_001, 1),
      watermark(2_999),
      watermark(3_999),
    ],
    expected: [counted(0, 2_000, 2), tagged(late, at(1_998, 1)), counted(2_000, 4_000, 1)],
  },
  {
    name: 'inside the lateness an event gives the whole result again, afterwards it is late',
    assigner: tumbling(2_000),
    allowedLateness: 500,
    given: [
      at(500, 1),
      watermark(1_500),
      at(1_300, 1),
      watermark(2_300),
      at(1_997, 1),
      watermark(6_000),
      at(1_998, 1),
      watermark(7_000),
    ],
    expected: [counted(0, 2_000, 2), counted(0, 2_000, 3, 'revised'), tagged(late, at(1_998, 1))],
  },
  {
    name: 'the lateness ends with the watermark that stands on its last moment',
    assigner: tumbling(10),
    allowedLateness: 5,
    given: [at(1, 1), watermark(9), watermark(13), at(3, 1), watermark(14), at(3, 1)],
    expected: [counted(0, 10, 1), counted(0, 10, 2, 'revised'), tagged(late, at(3, 1))],
  },
  {
    name: 'a window that was empty when its time came gives its first result inside the lateness',
    assigner: tumbling(10),
    allowedLateness: 5,
    given: [watermark(12), at(3, 1), at(4, 1), watermark(30)],
    expected: [counted(0, 10, 1), counted(0, 10, 2, 'revised')],
  },
  {
    name: 'an event that is late for some of its sliding windows counts in the others and is not reported',
    assigner: sliding(3_000, 1_000),
    given: [
      at(1_000, 1),
      watermark(1_999),
      at(2_000, 1),
      watermark(3_000),
      at(2_400, 1),
      at(2_400, 1),
      at(3_900, 1),
      watermark(6_000),
      at(3_001, 1),
      watermark(25_000),
    ],
    expected: [
      counted(-1_000, 2_000, 1),
      counted(0, 3_000, 2),
      counted(1_000, 4_000, 5),
      counted(2_000, 5_000, 4),
      counted(3_000, 6_000, 1),
      tagged(late, at(3_001, 1)),
    ],
  },
  {
    name: 'sessions merge, take an event that is late by itself, and end a gap after their last event',
    assigner: session(3_000),
    given: [
      at(1_000, 1),
      watermark(1_999),
      at(2_000, 1),
      watermark(4_998),
      at(4_500, 1),
      at(8_500, 1),
      watermark(7_400),
      at(7_000, 1),
      watermark(11_501),
      at(11_600, 1),
      watermark(14_600),
      at(10_000, 1),
      at(10_100, 1),
      at(14_500, 1),
      watermark(20_000),
      watermark(100_000),
    ],
    expected: [
      counted(1_000, 11_500, 5),
      counted(11_600, 14_600, 1),
      tagged(late, at(10_000, 1)),
      tagged(late, at(10_100, 1)),
      counted(14_500, 17_500, 1),
    ],
  },
  {
    name: 'a session that is over and takes an event inside the lateness is revised with its new end',
    assigner: session(10),
    allowedLateness: 20,
    given: [at(0, 1), watermark(10), at(5, 1), watermark(14), at(6, 1), watermark(100)],
    expected: [counted(0, 10, 1), counted(0, 15, 2, 'revised'), counted(0, 16, 3, 'revised')],
  },
]

describe('window', () => {
  test.each(flinkCases)('$name', ({ assigner, allowedLateness = 0, given, expected }) => {
    verifyProcessor(window(assigner, count(), { allowedLateness }))
      .given(given)
      .expect(expected)
  })

  test('gives several windows in the order of their ends when the watermark jumps', () => {
    verifyProcessor(window(tumbling(10), count()))
      .given([at(25, 1), at(3, 1), at(14, 1), watermark(1_000)])
      .expect([counted(0, 10, 1), counted(10, 20, 1), counted(20, 30, 1)])
  })

  test('silence gives what there is so far, once for each window that has changed', () => {
    verifyProcessor(window(tumbling(10), sum()))
      .given([
        at(1, 4),
        at(12, 3),
        silence(),
        silence(),
        at(2, 5),
        silence(),
        watermark(9),
        silence(),
        watermark(19),
      ])
      .expect([
        { ...counted(0, 10, 1, 'provisional'), value: 4 },
        { ...counted(10, 20, 1, 'provisional'), value: 3 },
        { ...counted(0, 10, 2, 'provisional'), value: 9 },
        { ...counted(0, 10, 2), value: 9 },
        { ...counted(10, 20, 1), value: 3 },
      ])
  })

  test('goes on from panes of an earlier version, without the fields that their results carried', () => {
    const counting = window(tumbling(10), count())
    const state = counting.create()
    const out = { emit: (value: unknown) => void results.push(value), to() {} }
    const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }
    const results: unknown[] = []
    for (const time of [3, 4, 12]) counting.onEvent(state, at(time, 1), out, turn)
    const saved = state.map((pane) => ({ ...pane, carried: { metric: 't' } }))
    counting.onEvent(saved, at(5, 1), out, turn)
    counting.onTime?.(saved, 19, out, turn)
    expect(results).toEqual([counted(0, 10, 3), counted(10, 20, 1)])
    expect(saved).toEqual([])
  })

  test('says whose a result is when that is added to it', () => {
    type Measured = Timed & { readonly metric: string; readonly value: number }
    const means = perKey(
      (event: Measured) => event.metric,
      mapResults(window(tumbling(10), mean()), (result, { subkey }) => ({ metric: subkey, ...result })),
    )
    verifyProcessor(means)
      .given([
        at(1, { metric: 't', value: 20 }),
        at(2, { metric: 'p', value: 1 }),
        at(3, { metric: 't', value: 22 }),
        watermark(9),
      ])
      .expect([
        { metric: 'p', ...counted(0, 10, 1) },
        { metric: 't', ...counted(0, 10, 2), value: 21 },
      ])
  })

  test('keeps nothing of a window that is over', () => {
    const processor = window(tumbling(10), count(), { allowedLateness: 5 })
    const state = processor.create()
    const out = { emit() {}, to() {} }
    const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }
    processor.onEvent(state, at(3, 1), out, turn)
    expect(processor.due?.(state)).toBe(9)
    processor.onTime?.(state, 9, out, turn)
    expect(processor.due?.(state)).toBe(14)
    processor.onTime?.(state, 14, out, turn)
    expect(state).toEqual([])
    expect(processor.due?.(state)).toBe(Number.POSITIVE_INFINITY)
  })

  test.each([-1, Number.NaN])('refuses an allowed lateness of %s ms', (allowedLateness) => {
    expect(() => window(tumbling(10), count(), { allowedLateness })).toThrow(
      `allowedLateness must be 0 ms or more, got ${allowedLateness}`,
    )
  })
})
