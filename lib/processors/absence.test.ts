import { describe, expect, test } from 'vitest'
import { at, type Given, silence, wallTime } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { minutes, seconds } from '../time/duration.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { absence } from './absence.ts'
import { inParallel } from './in-parallel.ts'
import { inSequence } from './in-sequence.ts'
import { perKey } from './per-key.ts'

const absent = (since: number, time: number) => ({ time, phase: 'absent', since })
const returned = (since: number, time: number) => ({ time, phase: 'returned', since })

/** An event that arrives at `time`. When it happened does not matter, and is always the same here. */
const heard = (time: number): Given<Timed>[] => [wallTime(time), at(7, 'x')]
const silentAt = (time: number): Given<Timed>[] => [wallTime(time), silence()]
const heardEvery = (step: number, from: number, until: number): Given<Timed>[] =>
  Array.from({ length: (until - from) / step + 1 }, (_, index) => heard(from + index * step)).flat()

const immediate: Processor<Timed, Timed> = {
  create: () => null,
  onEvent: (_state, event, out) => out.emit(event),
}

const at0 = minutes(100)
const regular = heardEvery(seconds(10), at0, at0 + minutes(10))
const last = at0 + minutes(10)

describe('absence', () => {
  test('is told once, and so is the return, with since when', () => {
    const back = last + minutes(30)
    verifyProcessor(absence())
      .given([
        ...regular,
        ...silentAt(last + minutes(5)),
        ...silentAt(last + minutes(20)),
        ...heard(back),
        ...heard(back + 1_000),
      ])
      .expect([absent(last, last + minutes(5)), returned(last, back)])
  })

  test('is none of somebody who was heard for less than the warm-up, however often', () => {
    const burst = heardEvery(1, at0, at0 + 50)
    verifyProcessor(absence())
      .given([...burst, ...silentAt(at0 + minutes(500))])
      .expect([])
    verifyProcessor(absence({ warmUp: 50 }))
      .given([...burst, ...silentAt(at0 + minutes(500))])
      .expect([absent(at0 + 50, at0 + minutes(500))])
    verifyProcessor(absence({ warmUp: Number.POSITIVE_INFINITY }))
      .given([...regular, ...silentAt(last + minutes(500))])
      .expect([])
  })

  test('of somebody who usually pauses for long takes three of those pauses', () => {
    const daily = minutes(1_440)
    const days = heardEvery(daily, at0, at0 + 5 * daily)
    const end = at0 + 5 * daily
    verifyProcessor(absence())
      .given([...days, ...silentAt(end + minutes(5)), ...silentAt(end + daily), ...heard(end + daily)])
      .expect([])
    verifyProcessor(absence())
      .given([...days, ...silentAt(end + 3 * daily)])
      .expect([absent(end, end + 3 * daily)])
    verifyProcessor(absence({ pauses: 0 }))
      .given([...days, ...silentAt(end + minutes(5))])
      .expect([absent(end, end + minutes(5))])
  })

  test('of somebody who sends in bursts is not judged by the pauses inside of a burst', () => {
    const cycle = minutes(8)
    const bursts = Array.from({ length: 6 }, (_, index) => {
      const start = at0 + index * cycle
      return [...heardEvery(10, start, start + 2_000), ...silentAt(start + 2_000 + minutes(5))]
    })
    verifyProcessor(absence()).given(bursts.flat()).expect([])
  })

  test('of a new and slower rhythm is told once', () => {
    const slow = (index: number): number => last + index * minutes(60)
    const hours = Array.from({ length: 5 }, (_, index) => [
      ...silentAt(slow(index) + minutes(5)),
      ...heard(slow(index + 1)),
    ])
    verifyProcessor(absence())
      .given([...regular, ...hours.flat()])
      .expect([absent(last, last + minutes(5)), returned(last, slow(1))])
  })

  test('is told again half an hour after an outage, which is forgotten by then', () => {
    const back = last + minutes(60)
    const end = back + minutes(30)
    verifyProcessor(absence())
      .given([
        ...regular,
        ...silentAt(last + minutes(5)),
        ...heardEvery(seconds(10), back, end),
        ...silentAt(end + minutes(5)),
      ])
      .expect([absent(last, last + minutes(5)), returned(last, back), absent(end, end + minutes(5))])
  })

  test('survives a wall clock that is set back', () => {
    const earlier = last - minutes(60)
    verifyProcessor(absence({ warmUp: 0 }))
      .given([...regular, ...heard(earlier), ...heard(earlier + 1_000), ...silentAt(earlier + minutes(5))])
      .expect([absent(earlier + 1_000, earlier + minutes(5))])
  })

  test('waits for a silence from the warm-up on until it is absent, inside other processors too', () => {
    const each = absence<Timed>({ warmUp: 10 })
    const name = (): string => 'all'
    const holders: readonly Processor<Timed, unknown>[] = [
      each,
      perKey(name, each) as Processor<Timed, unknown>,
      inParallel(immediate, each),
      inSequence(immediate, each),
    ]
    for (const processor of holders) {
      const state = processor.create()
      const out = { emit() {}, to() {} }
      const turn = { key: 'k', subkey: '', watermark: 0, arrival: 0 }
      const awaits: unknown[] = []
      for (const arrival of [100, 105, 110]) {
        processor.onEvent(state, at(7, 'x'), out, { ...turn, arrival })
        awaits.push(processor.awaitsSilence?.(state))
      }
      processor.onIdle?.(state, out, { ...turn, arrival: 200 })
      awaits.push(processor.awaitsSilence?.(state))
      expect(awaits).toEqual([false, false, true, false])
    }
  })

  test.each([
    [{ pauses: -1 }, 'pauses must be 0 or more, got -1'],
    [{ warmUp: Number.NaN }, 'warmUp must be 0 ms or more, got NaN'],
  ])('refuses %j', (options, words) => {
    expect(() => absence(options)).toThrow(words)
  })
})
