import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAbsence } from '../devices/wire/read-absence.ts'
import { readAnomaly } from '../devices/wire/read-anomaly.ts'
import { readCloudEvent } from '../lib/nats/cloud-event.ts'
import { leftOutContent } from './left-out-content.ts'
import { readLeftOut } from './left-out-feed.ts'
import { absenceLine } from './terminal/absence-line.ts'
import { dayLines } from './terminal/day-lines.ts'
import { episodeLine } from './terminal/episode-line.ts'
import { leftOutLine } from './terminal/left-out-line.ts'
import { openingsOnly } from './terminal/openings-only.ts'

const anomaly = {
  device: 'press-7',
  metric: 'temperature',
  phase: 'opened',
  status: 'provisional',
  time: 1_767_604_364_000,
  since: 1_767_604_364_000,
  value: 84.31,
  score: 18.44,
  detector: 'reading',
  baseline: { mean: 71.4, standardDeviation: 0.7, count: 1_800 },
  window: { start: 1_767_604_364_000, end: 1_767_604_364_000 },
}
const absence = { device: 'press-7', phase: 'absent', time: 1_767_604_364_000, since: 1_767_604_061_000 }
const dead = {
  reason: 'not a number',
  value: { topic: 'v1/press-7', payload: 'bm9uc2Vuc2U=', device: 'press-7', time: 1, value: 2, metric: 'm' },
}

/** What arrives instead of a field: any JSON, with the values that conversions stumble over. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(1e300, -1e300, 5e-324, 8.64e15, 1e16, '__proto__', '\u001b[2J', '\u009b2J'),
  fc.constantFrom({ toString: 1 }, { toJSON: null }, { valueOf: {} }, [], [[]]),
)

/** Nearly right: any of the fields, the nested ones too, holds something else or is missing. */
const mutated = (valid: object): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(valid).map(([name, value]) => [
        name,
        fc.oneof(
          { weight: 4, arbitrary: fc.constant(value) },
          typeof value === 'object' ? mutated(value as object) : anything,
          anything,
        ),
      ]),
    ),
    { requiredKeys: [] },
  )

const hostile = (valid: object) => fc.oneof(anything, mutated(valid))

/** As JSON brings it: without what JSON cannot hold. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')

describe('whatever arrives, what is read of it can be shown', () => {
  test('as an anomaly', () => {
    expect(readAnomaly(anomaly)).toEqual(anomaly)
    const withDay = dayLines(0)
    const isNews = openingsOnly()
    fc.assert(
      fc.property(hostile(anomaly), (data) => {
        const read = readAnomaly(sent(data))
        if (!read) return
        isNews(read)
        expect(withDay(read.time, episodeLine(read))).not.toContain('NaN')
        expect(JSON.stringify(read)).toBeTypeOf('string')
      }),
      { numRuns: 2_000 },
    )
  })

  test('as an absence', () => {
    expect(readAbsence(absence)).toEqual(absence)
    fc.assert(
      fc.property(hostile(absence), (data) => {
        const read = readAbsence(sent(data))
        if (read) expect(absenceLine(read)).not.toContain('NaN')
      }),
      { numRuns: 2_000 },
    )
  })

  test('as something left out', () => {
    expect(readLeftOut('dead', 0, dead, 'press-7')).toMatchObject({ device: 'press-7', ...dead })
    fc.assert(
      fc.property(hostile(dead), (data) => {
        const read = readLeftOut('dead', 0, sent(data))
        if (!read) return
        expect(leftOutLine(read)).toBeTypeOf('string')
        expect(leftOutContent(read.value).topic?.split('/')).not.toBe(null)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('a value nested too deep to be written again is not read', () => {
  const deep = JSON.parse(`{"reason":"","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  expect(readLeftOut('dead', 0, deep)).toBeUndefined()
})

test('fields beside those of an anomaly are dropped', () => {
  expect(readAnomaly({ ...anomaly, more: 1, window: { ...anomaly.window, more: 1 } })).toEqual(anomaly)
})

test('whatever the bytes are, reading them as an event throws nothing', () => {
  const event = { specversion: '1.0', id: 'a', source: '/b', type: 'c', subject: 'd', data: 1 }
  const encoded = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? '')
  expect(readCloudEvent(encoded(event))).toEqual(event)
  const messages = fc.oneof(fc.uint8Array({ maxLength: 100 }), hostile(event).map(encoded))
  fc.assert(
    fc.property(messages, (bytes) => {
      const read = readCloudEvent(bytes)
      if (!read) return
      expect(read.id).toBeTypeOf('string')
      expect(['string', 'undefined']).toContain(typeof read.subject)
    }),
    { numRuns: 2_000 },
  )
})
