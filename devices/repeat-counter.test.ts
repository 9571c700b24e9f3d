import { expect, test } from 'vitest'
import { virtualClock } from '../lib/testing/virtual-clock.ts'
import { minutes, seconds } from '../lib/time/duration.ts'
import { RepeatCounter, type Repeats } from './repeat-counter.ts'

const counterOf = (kinds = 10) => {
  const clock = virtualClock(0)
  const reports: Repeats<number>[] = []
  const report = (repeats: Repeats<number>) => void reports.push(repeats)
  const counter = new RepeatCounter<number>({ clock, window: minutes(1), kinds, report })
  return { clock, counter, reports }
}

test('the first of a kind is one, those after it are counted and reported once a window', () => {
  const { clock, counter, reports } = counterOf()
  const firsts: boolean[] = []
  // 100 a second for 150 seconds.
  for (let index = 0; index < 15_000; index++) {
    firsts.push(counter.isFirst('a', index))
    clock.advance(10)
  }
  expect(firsts.filter(Boolean)).toHaveLength(1)
  expect(reports).toEqual([
    { kind: 'a', count: 5_999, since: 0, newest: 5_999 },
    { kind: 'a', count: 6_000, since: 60_000, newest: 11_999 },
  ])
  counter.flush()
  expect(reports[2]).toEqual({ kind: 'a', count: 3_000, since: 120_000, newest: 14_999 })
})

test('a kind that stays away for a window is reported no more, and then a first again', () => {
  const { clock, counter, reports } = counterOf()
  counter.isFirst('a', 1)
  counter.isFirst('a', 2)
  clock.advance(minutes(1))
  expect(reports).toHaveLength(1)
  clock.advance(seconds(59))
  expect(counter.isFirst('a', 3)).toBe(false)
  clock.advance(minutes(3))
  expect(reports).toHaveLength(2)
  expect(counter.isFirst('a', 4)).toBe(true)
})

test('every kind has a window of its own', () => {
  const { clock, counter, reports } = counterOf()
  counter.isFirst('a', 1)
  clock.advance(seconds(30))
  counter.isFirst('b', 2)
  counter.isFirst('a', 3)
  counter.isFirst('b', 4)
  clock.advance(seconds(30))
  expect(reports.map(({ kind }) => kind)).toEqual(['a'])
  clock.advance(seconds(30))
  expect(reports.map(({ kind }) => kind)).toEqual(['a', 'b'])
})

test('beyond the kinds it has room for, all others are one kind', () => {
  const { clock, counter, reports } = counterOf(3)
  const firsts = Array.from({ length: 1_000 }, (_, index) => counter.isFirst(`kind ${index}`, index))
  expect(firsts.filter(Boolean)).toHaveLength(4)
  expect(counter.isFirst('kind 0', 1_000)).toBe(false)
  clock.advance(minutes(1))
  expect(reports).toEqual([
    { kind: 'kind 0', count: 1, since: 0, newest: 1_000 },
    { kind: '', count: 996, since: 0, newest: 999 },
  ])
})

test('a time of day that is set does not change how long is counted', () => {
  const { clock, counter, reports } = counterOf()
  counter.isFirst('a', 1)
  counter.isFirst('a', 2)
  clock.set(clock.now() + minutes(30))
  clock.advance(seconds(59))
  expect(reports).toEqual([])
  clock.advance(seconds(1))
  expect(reports).toHaveLength(1)
})
