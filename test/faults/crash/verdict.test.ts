import { describe, expect, test } from 'vitest'
import type { Evidence } from './evidence.ts'
import { ledger } from './ledger.ts'
import type { PlantPublish } from './plant-publishes.ts'
import { holds, judge } from './verdict.ts'

const out = { emit() {}, to() {} }
const turn = { key: 'd', subkey: '', watermark: 0, arrival: 0 }

/** What is left of a plant that saw these readings of one device, and published one message for each. */
const seen = (...sequences: number[]): Evidence => {
  const state = ledger.create()
  for (const value of sequences) {
    ledger.onEvent(state, { device: 'd', metric: 'level', value, time: 1_000 + value }, out, turn)
  }
  const messages = sequences.map((sequence) => ({
    subject: 's',
    content: String(sequence),
    output: { kind: 'anomaly', device: 'd', sequence, count: sequence, hash: 0 } as const,
  }))
  return { ledgers: new Map([['d', state]]), states: new Map([['d', JSON.stringify(state)]]), messages }
}

const client = (newest: number, misordered = 0) => ({
  acknowledged: newest,
  misordered,
  newest: new Map<PlantPublish['device'], number>([['d', newest]]),
})

describe('the verdict', () => {
  const twin = seen(1, 2, 3, 4)

  test('holds for a run that is like its twin', () => {
    expect(holds(judge([client(4)], seen(1, 2, 3, 4), twin))).toBe(true)
  })

  test.each([
    ['a reading passed over', seen(1, 2, 4), { lost: 1, missing_anomalies: 1, state_equals_twin: false }],
    ['the newest reading', seen(1, 2, 3), { lost: 1, missing_anomalies: 1 }],
    ['everything', seen(), { lost: 4, missing_anomalies: 4 }],
    ['one counted twice', seen(1, 2, 2, 3, 4), { lost: 0, counted_twice: 1, duplicate_anomalies: 1 }],
    ['one out of order', seen(1, 3, 2, 4), { lost: 0, out_of_order: 2, state_equals_twin: false }],
    ['one nobody sent', seen(1, 2, 3, 4, 5), { lost: 0, unexpected_messages: 1, state_equals_twin: false }],
  ])('finds %s', (_, run, wrong) => {
    const verdict = judge([client(4)], run, twin)
    expect(verdict).toMatchObject(wrong)
    expect(holds(verdict)).toBe(false)
  })

  test('does not ask for what was never acknowledged', () => {
    expect(judge([client(2)], seen(1, 2), seen(1, 2)).lost).toBe(0)
  })

  test('finds PUBACKs out of order', () => {
    expect(judge([client(4, 1)], seen(1, 2, 3, 4), twin).out_of_order).toBe(1)
  })
})
