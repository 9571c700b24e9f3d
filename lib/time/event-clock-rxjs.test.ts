import {
  auditTime,
  bufferTime,
  debounceTime,
  delay,
  interval,
  type Observable,
  Subject,
  sampleTime,
  switchMap,
  throttleTime,
  timer,
  toArray,
  windowTime,
} from 'rxjs'
import { describe, expect, test } from 'vitest'
import { EventClock } from './event-clock.ts'

type Operator = (clock: EventClock) => (source: Observable<number>) => Observable<unknown>

const rethrow = (error: unknown): void => {
  throw error
}

/**
 * Runs times through an operator as `ordered` would: the clock is advanced to each time, then the event
 * comes. The outputs are noted with the time at which they came.
 */
const run = (operator: Operator, times: readonly number[], end: number, start?: number) => {
  const clock = new EventClock({
    ...(start === undefined ? {} : { now: start }),
    onError: rethrow,
  })
  const events = new Subject<number>()
  const seen: [number, unknown][] = []
  const subscription = operator(clock)(events).subscribe((value) => seen.push([clock.now(), value]))
  for (const time of times) {
    clock.advance(time)
    events.next(time)
  }
  clock.advance(end)
  subscription.unsubscribe()
  expect(clock.nextDue).toBe(Number.POSITIVE_INFINITY)
  return seen
}

interface Case {
  readonly name: string
  readonly operator: Operator
  readonly times: readonly number[]
  readonly end: number
  readonly seen: readonly [number, unknown][]
  /** The outputs are numbers of occurrences, not times. */
  readonly counts?: boolean
}

const cases: readonly Case[] = [
  {
    name: 'bufferTime',
    operator: (clock) => bufferTime(10, clock),
    times: [0, 3, 9, 10, 25],
    end: 30,
    seen: [
      [10, [0, 3, 9]],
      [20, [10]],
      [30, [25]],
    ],
  },
  {
    name: 'overlapping bufferTime',
    operator: (clock) => bufferTime(10, 5, clock),
    times: [0, 3, 9],
    end: 14,
    seen: [[10, [0, 3, 9]]],
  },
  {
    name: 'debounceTime',
    operator: (clock) => debounceTime(5, clock),
    times: [0, 3, 9, 20],
    end: 30,
    seen: [
      [8, 3],
      [14, 9],
      [25, 20],
    ],
  },
  {
    name: 'auditTime',
    operator: (clock) => auditTime(5, clock),
    times: [0, 3, 9, 11, 20],
    end: 30,
    seen: [
      [5, 3],
      [14, 11],
      [25, 20],
    ],
  },
  {
    name: 'throttleTime',
    operator: (clock) => throttleTime(5, clock),
    times: [0, 3, 5, 9, 11],
    end: 30,
    seen: [
      [0, 0],
      [5, 5],
      [11, 11],
    ],
  },
  {
    name: 'sampleTime',
    operator: (clock) => sampleTime(10, clock),
    times: [0, 3, 12],
    end: 20,
    seen: [
      [10, 3],
      [20, 12],
    ],
  },
  {
    name: 'delay',
    operator: (clock) => delay(7, clock),
    times: [0, 3, 9],
    end: 30,
    seen: [
      [7, 0],
      [10, 3],
      [16, 9],
    ],
  },
  {
    name: 'interval',
    counts: true,
    operator: (clock) => () => interval(10, clock),
    times: [0, 25],
    end: 31,
    seen: [
      [10, 0],
      [20, 1],
      [30, 2],
    ],
  },
  {
    name: 'switchMap to a timer',
    operator: (clock) =>
      switchMap((time) =>
        timer(5, clock).pipe(
          delay(0, clock),
          switchMap(() => [time]),
        ),
      ),
    times: [0, 3, 9],
    end: 30,
    seen: [
      [8, 3],
      [14, 9],
    ],
  },
  {
    name: 'windowTime',
    operator: (clock) => (source) =>
      source.pipe(
        windowTime(10, clock),
        switchMap((window) => window.pipe(toArray())),
      ),
    times: [0, 3, 12],
    end: 20,
    seen: [
      [10, [0, 3]],
      [20, [12]],
    ],
  },
]

describe('stock RxJS operators in event time', () => {
  test.each(cases)('$name on a clock that stands at the first event', ({ operator, times, end, seen }) => {
    expect(run(operator, times, end, 0)).toEqual(seen)
  })

  test.each(cases)('$name on a clock that starts before time is known', ({ operator, times, end, seen }) => {
    expect(run(operator, times, end)).toEqual(seen)
  })

  test.each(cases)('$name on epoch times', ({ operator, times, end, seen, counts }) => {
    const epoch = 1_763_000_000_000
    const late = (time: number) => time + epoch
    const shift = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(shift) : typeof value === 'number' ? late(value) : value
    const expected = seen.map(([time, value]) => [late(time), counts ? value : shift(value)])
    expect(run(operator, times.map(late), late(end))).toEqual(expected)
  })

  test('a clock that jumps from 1970 fires a bounded number of buffers a turn, and the actor goes on', () => {
    const clock = new EventClock({ now: 0, onError: rethrow })
    const events = new Subject<number>()
    const buffers: number[][] = []
    events.pipe(bufferTime(1_000, clock)).subscribe((buffer) => buffers.push(buffer))
    events.next(1)
    expect(clock.advance(1_763_000_000_000)).toBe(10_000)
    expect(buffers).toHaveLength(10_000)
    expect(buffers[0]).toEqual([1])
    expect(clock.now()).toBe(10_000_000)
    expect(clock.advance(1_763_000_000_000)).toBe(10_000)
  })

  test('an error inside an operator reaches its subscriber, not the clock', () => {
    const clock = new EventClock({ now: 0, onError: rethrow })
    const errors: unknown[] = []
    interval(10, clock)
      .pipe(
        switchMap(() => {
          throw new Error('in the chain')
        }),
      )
      .subscribe({ error: (error) => errors.push(error) })
    clock.advance(100)
    expect(errors).toEqual([new Error('in the chain')])
    expect(clock.nextDue).toBe(Number.POSITIVE_INFINITY)
  })
})
