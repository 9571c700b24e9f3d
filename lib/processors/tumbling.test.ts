import { describe, expect, test } from 'vitest'
import { tumbling } from './tumbling.ts'

describe('tumbling', () => {
  // The cases of Flink's TumblingEventTimeWindowsTest, and times before 1970.
  test.each([
    { size: 5_000, offset: 0, time: 0, start: 0 },
    { size: 5_000, offset: 0, time: 4_999, start: 0 },
    { size: 5_000, offset: 0, time: 5_000, start: 5_000 },
    { size: 5_000, offset: 100, time: 100, start: 100 },
    { size: 5_000, offset: 100, time: 5_099, start: 100 },
    { size: 5_000, offset: 100, time: 5_100, start: 5_100 },
    { size: 5_000, offset: -100, time: 0, start: -100 },
    { size: 5_000, offset: -100, time: 4_899, start: -100 },
    { size: 5_000, offset: -100, time: 4_900, start: 4_900 },
    { size: 5_000, offset: 1_000, time: 5_999, start: 1_000 },
    { size: 5_000, offset: 1_000, time: 6_000, start: 6_000 },
    { size: 5_000, offset: 0, time: -1, start: -5_000 },
    { size: 5_000, offset: 100, time: 99, start: -4_900 },
    { size: 60_000, offset: 0, time: 1_763_845_239_999, start: 1_763_845_200_000 },
  ])(
    'of $size ms moved by $offset: $time lies in the window from $start',
    ({ size, offset, time, start }) => {
      const windows = tumbling(size, offset)
      expect(windows.latestStart(time)).toBe(start)
      expect(windows.endOf(start)).toBe(start + size)
      expect(windows.startBefore(start, time)).toBe(Number.NEGATIVE_INFINITY)
    },
  )

  test.each([
    { size: -1_000, offset: 0, fault: 'size must be more than 0 ms and finite, got -1000' },
    { size: 0, offset: 0, fault: 'got 0' },
    { size: Number.NaN, offset: 0, fault: 'got NaN' },
    { size: 10_000, offset: 20_000, fault: 'offset must be shorter than size (10000 ms), got 20000' },
    { size: 10_000, offset: -11_000, fault: 'got -11000' },
  ])('refuses a size of $size ms with an offset of $offset', ({ size, offset, fault }) => {
    expect(() => tumbling(size, offset)).toThrow(fault)
  })
})
