import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkOutputTime, outputWatermark } from './output-watermark.ts'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

describe('what the next stage sees', () => {
  test.each([
    { name: 'is just before the sweep', before: 0, position: 100, holds: [], watermark: 99 },
    {
      name: 'is the watermark once all is swept',
      before: 0,
      position: 99_999 + 1,
      holds: [],
      watermark: 99_999,
    },
    {
      name: 'is just before the earliest hold',
      before: 0,
      position: 100,
      holds: [70, 50, 60],
      watermark: 49,
    },
    {
      name: 'is not moved by holds behind the sweep',
      before: 0,
      position: 100,
      holds: [always, 130],
      watermark: 99,
    },
    { name: 'never goes back', before: 80, position: 100, holds: [50], watermark: 80 },
    {
      name: 'has not started before the stage has',
      before: never,
      position: never,
      holds: [],
      watermark: never,
    },
  ])('$name', ({ before, position, holds, watermark }) => {
    expect(outputWatermark(before, position, holds)).toBe(watermark)
  })

  test('is before every output that a timer or a step with a hold may still emit', () => {
    const time = fc.integer({ min: 0, max: 1_000 })
    fc.assert(
      fc.property(time, fc.array(time), time, (position, holds, later) => {
        const watermark = outputWatermark(never, position, holds)
        for (const earliest of [position, ...holds]) {
          expect(() => checkOutputTime('join', earliest + later, watermark)).not.toThrow()
        }
      }),
    )
  })
})

describe('an output', () => {
  test('stamped at or before the watermark of the next stage is refused', () => {
    expect(() => checkOutputTime('join', 100, 99)).not.toThrow()
    expect(() => checkOutputTime('join', 0, never)).not.toThrow()
    expect(() => checkOutputTime('join', 99, 99)).toThrow(
      'step "join" emitted an output of time 99 (1970-01-01T00:00:00.099Z), which the next stage has passed ' +
        '(watermark 99 (1970-01-01T00:00:00.099Z)): declare a hold for as long as such an output may come',
    )
    expect(() => checkOutputTime('join', 98, 99)).toThrow('emitted an output of time 98')
    expect(() => checkOutputTime('join', Number.NaN, never)).toThrow('emitted an output of time NaN')
  })
})
