import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../testing/virtual-clock.ts'
import { hours, milliseconds, minutes, seconds } from './duration.ts'
import { ListeningTime, listeningOffset, listeningTimeOf } from './listening-time.ts'
import type { WallClock } from './wall-clock.ts'

const start = Date.UTC(2026, 0, 1)

const listen = (saved?: number) => {
  const clock = virtualClock(start)
  const listening = new ListeningTime(clock, saved)
  listening.start()
  return { clock, listening, passed: () => listening.now - (saved ?? start) }
}

describe('listening time', () => {
  test('begins at the wall time of the first start, and advances with time while sources are taken', () => {
    const { clock, passed } = listen()
    expect(passed()).toBe(0)
    clock.advance(minutes(10))
    expect(passed()).toBe(minutes(10))
  })

  test('advances between turns only, by looks', () => {
    const { clock, passed } = listen()
    clock.advance(milliseconds(499))
    expect(passed()).toBe(0)
    clock.advance(milliseconds(1))
    expect(passed()).toBe(500)
  })

  test('stands while sources are not taken', () => {
    const { clock, listening, passed } = listen()
    clock.advance(seconds(1))
    listening.stop()
    expect(clock.waiting).toBe(0)
    clock.advance(hours(1))
    listening.start()
    clock.advance(seconds(1))
    expect(passed()).toBe(seconds(2))
  })

  test('counts what passed since the last look when it is stopped', () => {
    const { clock, listening, passed } = listen()
    clock.advance(milliseconds(700))
    listening.stop()
    expect(passed()).toBe(700)
  })

  test('goes on after a restart from what was saved, whatever the time of day', () => {
    const { clock, listening } = listen(start - hours(3))
    clock.advance(seconds(1))
    expect(listening.now).toBe(start - hours(3) + seconds(1))
  })

  test('moves by nothing when the clock is set, forward or back', () => {
    const { clock, passed } = listen()
    clock.advance(seconds(1))
    clock.set(start + hours(5))
    clock.advance(seconds(1))
    clock.set(start - hours(5))
    clock.advance(seconds(1))
    expect(passed()).toBe(seconds(3))
  })

  test('is started and stopped once, however often that is asked', () => {
    const { clock, listening, passed } = listen()
    clock.advance(milliseconds(100))
    listening.start()
    expect(clock.waiting).toBe(1)
    clock.advance(milliseconds(400))
    listening.stop()
    listening.stop()
    expect(passed()).toBe(500)
  })
})

/** A clock whose timers are late: while the process is stopped or busy, none is called. */
const stallingClock = () => {
  let monotonic = 0.25
  let due: { readonly at: number; readonly work: () => void } | undefined
  const clock: WallClock = {
    now: () => start + monotonic,
    monotonic: () => monotonic,
    after(delay, work) {
      const call = { at: monotonic + delay, work }
      due = call
      return () => {
        if (due === call) due = undefined
      }
    },
  }
  /** Lets `duration` pass in one stall, after which a timer that is due is called. */
  const stall = (duration: number): void => {
    monotonic += duration
    if (!due || due.at > monotonic) return
    const { work } = due
    due = undefined
    work()
  }
  return { clock, stall }
}

describe('a stall', () => {
  test.each([
    { stall: seconds(2), counted: seconds(2) },
    { stall: seconds(2) + 1, counted: 0 },
    { stall: hours(1), counted: 0 },
  ])('of $stall ms counts as $counted ms', ({ stall: length, counted }) => {
    const { clock, stall } = stallingClock()
    const listening = new ListeningTime(clock, 0)
    listening.start()
    stall(length)
    expect(listening.now).toBe(counted)
    stall(500)
    expect(listening.now).toBe(counted + 500)
  })

  test('does not count when sources are stopped right after it', () => {
    const { clock, stall } = stallingClock()
    const listening = new ListeningTime(clock, 0)
    listening.start()
    stall(400)
    stall(50)
    clock.after(hours(9), () => {})
    stall(hours(1))
    listening.stop()
    expect(listening.now).toBe(0)
  })

  test('of any length is counted whole or not at all, in whole milliseconds', () => {
    // Binary fractions, so that sums are exact. A look is at most 500 ms late for a short stall.
    const short = fc.integer({ min: 1, max: 6_000 }).map((quarters) => quarters / 4)
    fc.assert(
      fc.property(fc.array(fc.array(short, { minLength: 1, maxLength: 9 }), { minLength: 1 }), (runs) => {
        const { clock, stall } = stallingClock()
        const listening = new ListeningTime(clock, 0)
        let expected = 0
        for (const lengths of runs) {
          listening.start()
          for (const length of lengths) {
            stall(length)
            expect(Number.isInteger(listening.now)).toBe(true)
          }
          listening.stop()
          expected += Math.floor(lengths.reduce((sum, length) => sum + length))
          expect(listening.now).toBe(expected)
          listening.start()
          stall(seconds(10))
          listening.stop()
          expect(listening.now).toBe(expected)
        }
      }),
    )
  })
})

test('a journal entry has its listening time as an offset from its arrival', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (arrival, listening) => {
      expect(listeningTimeOf(arrival, listeningOffset(arrival, listening))).toBe(listening)
    }),
  )
  expect(listeningOffset(start, start - hours(1))).toBe(hours(1))
})
