import { describe, expect, test } from 'vitest'
import { EventClock, firingsPerAdvance } from './event-clock.ts'

const refuseErrors = (error: unknown): void => {
  throw error
}
const clockAt = (now: number): EventClock => new EventClock({ now, onError: refuseErrors })

/** A clock whose timers note their name and the time at which they fired. */
const recorded = (clock: EventClock) => {
  const fired: [string, number][] = []
  const at = (delay: number, name: string) => clock.schedule(() => fired.push([name, clock.now()]), delay)
  return { fired, at }
}

describe('EventClock', () => {
  test('fires timers in time order, each at its own time, and then stands at the watermark', () => {
    const clock = clockAt(1_000)
    const { fired, at } = recorded(clock)
    at(30, 'c')
    at(10, 'a')
    at(20, 'b')
    at(31, 'not yet')
    expect(clock.nextDue).toBe(1_010)
    expect(clock.advance(1_030)).toBe(3)
    expect(fired).toEqual([
      ['a', 1_010],
      ['b', 1_020],
      ['c', 1_030],
    ])
    expect(clock.now()).toBe(1_030)
    expect(clock.nextDue).toBe(1_031)
  })

  test('fires timers due together in the order they were scheduled', () => {
    const clock = clockAt(0)
    const { fired, at } = recorded(clock)
    for (let index = 0; index < 50; index += 1) at(5, String(index))
    clock.advance(5)
    expect(fired.map(([name]) => Number(name))).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  test('counts timers scheduled before the first watermark from it', () => {
    const clock = new EventClock({ onError: refuseErrors })
    const { fired, at } = recorded(clock)
    at(10, 'b')
    at(0, 'a')
    expect(clock.now()).toBe(Number.NEGATIVE_INFINITY)
    expect(clock.nextDue).toBe(Number.POSITIVE_INFINITY)
    expect(clock.advance(Number.NEGATIVE_INFINITY)).toBe(0)
    clock.advance(1_700_000_000_000)
    expect(fired).toEqual([['a', 1_700_000_000_000]])
    expect(clock.nextDue).toBe(1_700_000_000_010)
  })

  test('is due at once, not in the past, for a negative delay', () => {
    const clock = clockAt(100)
    const { fired, at } = recorded(clock)
    at(-50, 'a')
    expect(clock.nextDue).toBe(100)
    clock.advance(100)
    expect(fired).toEqual([['a', 100]])
  })

  test('runs what a firing timer schedules with delay 0 in the same advance, first in first out', () => {
    const clock = clockAt(0)
    const { fired, at } = recorded(clock)
    clock.schedule(() => {
      at(0, 'first')
      at(0, 'second')
      at(1, 'later')
    }, 5)
    at(5, 'already there')
    clock.advance(5)
    expect(fired).toEqual([
      ['already there', 5],
      ['first', 5],
      ['second', 5],
    ])
    expect(clock.nextDue).toBe(6)
  })

  test('queues an advance made while a timer fires', () => {
    const clock = clockAt(0)
    const { fired, at } = recorded(clock)
    clock.schedule(() => {
      expect(clock.advance(20)).toBe(0)
      expect(clock.now()).toBe(5)
      fired.push(['nested', clock.now()])
    }, 5)
    at(6, 'on the way')
    at(15, 'beyond the outer advance')
    clock.advance(10)
    expect(fired).toEqual([
      ['nested', 5],
      ['on the way', 6],
      ['beyond the outer advance', 15],
    ])
    expect(clock.now()).toBe(20)
  })

  test('never goes back', () => {
    const clock = clockAt(100)
    expect(clock.advance(50)).toBe(0)
    expect(clock.now()).toBe(100)
  })

  test('refuses NaN and Infinity as a time, and NaN as a delay', () => {
    const clock = clockAt(0)
    expect(() => clock.advance(Number.NaN)).toThrow('time must be a moment in epoch milliseconds, got NaN')
    expect(() => clock.advance(Number.POSITIVE_INFINITY)).toThrow('got Infinity')
    expect(() => clock.schedule(() => {}, Number.NaN)).toThrow(
      'delay must be a number of milliseconds, got NaN',
    )
    expect(clock.now()).toBe(0)
  })

  test('stops after the most firings it may do, and goes on from there', () => {
    const clock = clockAt(0)
    let count = 0
    clock.schedule(function () {
      count += 1
      this.schedule(undefined, 1)
    }, 1)
    expect(clock.advance(25_000)).toBe(firingsPerAdvance)
    expect(count).toBe(10_000)
    expect(clock.now()).toBe(10_000)
    expect(clock.nextDue).toBe(10_001)
    expect(clock.advance(25_000, 5)).toBe(5)
    expect(clock.now()).toBe(10_005)
    clock.advance(25_000)
    clock.advance(25_000)
    expect(count).toBe(25_000)
    expect(clock.now()).toBe(25_000)
  })

  test('is not held up by a timer that schedules itself for now without end', () => {
    const clock = clockAt(0)
    clock.schedule(function () {
      this.schedule(undefined, 0)
    }, 1)
    expect(clock.advance(10)).toBe(firingsPerAdvance)
    expect(clock.now()).toBe(1)
  })

  test('reports a timer that throws, drops it, and fires the others', () => {
    const errors: unknown[] = []
    const clock = new EventClock({ now: 0, onError: (error) => errors.push(error) })
    const { fired, at } = recorded(clock)
    const failure = new Error('broken')
    const broken = clock.schedule(() => {
      throw failure
    }, 1)
    at(1, 'same time')
    at(2, 'later')
    expect(clock.advance(5)).toBe(3)
    expect(errors).toEqual([failure])
    expect(fired.map(([name]) => name)).toEqual(['same time', 'later'])
    expect(broken.closed).toBe(true)
    expect(clock.now()).toBe(5)
  })

  test('can be advanced again after its error callback threw', () => {
    const clock = clockAt(0)
    const { fired, at } = recorded(clock)
    clock.schedule(() => refuseErrors(new Error('broken')), 1)
    at(2, 'next')
    expect(() => clock.advance(5)).toThrow('broken')
    clock.advance(5)
    expect(fired).toEqual([['next', 2]])
  })

  test('forgets a timer that is unsubscribed, also while another fires', () => {
    const clock = clockAt(0)
    const { fired, at } = recorded(clock)
    const timers = Array.from({ length: 200 }, (_, index) => at((index * 7) % 100, String(index)))
    for (const [index, timer] of timers.entries()) if (index % 3 !== 0) timer.unsubscribe()
    const doomed = at(50, 'doomed')
    clock.schedule(() => doomed.unsubscribe(), 49)
    clock.advance(200)
    expect(fired).toHaveLength(67)
    expect(fired.map(([, time]) => time)).toEqual(fired.map(([, time]) => time).sort((a, b) => a - b))
    expect(fired.every(([name]) => Number(name) % 3 === 0)).toBe(true)
    expect(clock.nextDue).toBe(Number.POSITIVE_INFINITY)
  })

  test('moves a timer that is scheduled again while it waits', () => {
    const clock = clockAt(0)
    const seen: [number, string][] = []
    const timer = clock.schedule<string>((name) => seen.push([clock.now(), name]), 5, 'old')
    ;(timer as unknown as { schedule(state: string, delay: number): void }).schedule('new', 8)
    clock.advance(20)
    expect(seen).toEqual([[8, 'new']])
  })
})
