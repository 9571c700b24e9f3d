import { describe, expect, test } from 'vitest'
import { virtualClock } from './virtual-clock.ts'

describe('virtualClock', () => {
  test('stands still until it is moved, then calls what falls due, each at its time', () => {
    const clock = virtualClock(1_000)
    const seen: [string, number][] = []
    const note = (name: string) => () => seen.push([name, clock.now()])
    clock.after(20, note('c'))
    clock.after(10, note('a'))
    clock.after(10, note('b'))
    clock.after(21, note('not yet'))
    expect(clock.now()).toBe(1_000)
    clock.advance(20)
    expect(seen).toEqual([
      ['a', 1_010],
      ['b', 1_010],
      ['c', 1_020],
    ])
    expect(clock.waiting).toBe(1)
  })

  test('calls what was asked for on the way when it falls due on the way', () => {
    const clock = virtualClock()
    const times: number[] = []
    const again = () => {
      times.push(clock.now())
      clock.after(3, again)
    }
    clock.after(3, again)
    clock.advance(10)
    expect(times).toEqual([3, 6, 9])
    expect(clock.now()).toBe(10)
  })

  test('does not call what was cancelled', () => {
    const clock = virtualClock()
    const cancel = clock.after(1, () => expect.unreachable('cancelled'))
    cancel()
    cancel()
    clock.advance(5)
    expect(clock.waiting).toBe(0)
  })

  test('can be set, forward and back, while no time passes', () => {
    const clock = virtualClock(1_000)
    const seen: number[] = []
    clock.after(20, () => seen.push(clock.now()))
    clock.set(500_000)
    expect([clock.now(), clock.monotonic()]).toEqual([500_000, 0])
    clock.set(200)
    clock.advance(19)
    expect(seen).toEqual([])
    clock.advance(2)
    expect(seen).toEqual([220])
    expect([clock.now(), clock.monotonic()]).toEqual([221, 21])
  })

  test('refuses to go back, and a delay that is no number', () => {
    expect(() => virtualClock().advance(-1)).toThrow('duration must be 0 ms or more, got -1')
    expect(() => virtualClock().after(Number.NaN, () => {})).toThrow('delay must be a number')
  })
})
