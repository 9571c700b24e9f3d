import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { days, milliseconds } from './duration.ts'
import { systemClock } from './wall-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('waits for longer than a timer of the system can', () => {
  const work = vi.fn()
  systemClock.after(days(60), work)
  vi.advanceTimersByTime(days(60) - milliseconds(1))
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(milliseconds(1))
  expect(work).toHaveBeenCalledOnce()
})

test('never calls what is to wait for ever, and can be told not to call', () => {
  const work = vi.fn()
  systemClock.after(Number.POSITIVE_INFINITY, work)
  const cancel = systemClock.after(days(60), work)
  vi.advanceTimersByTime(days(59))
  cancel()
  vi.advanceTimersByTime(days(100))
  expect(work).not.toHaveBeenCalled()
})
