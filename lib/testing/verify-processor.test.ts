import { describe, expect, test } from 'vitest'
import { late, outputTag, quarantined } from '../time/output-tag.ts'
import type { ClockProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { at, silence, tagged, wallTime, watermark } from './notation.ts'
import { verifyProcessor } from './verify-processor.ts'

type Letter = Timed & { readonly value: string }

/** Emits each letter with a number, and all of them together three milliseconds after the first. */
const gathering = (): Processor<Letter, unknown, { letters: string[]; due: number }> => ({
  create: () => ({ letters: [], due: Number.POSITIVE_INFINITY }),
  onEvent(state, event, out, turn) {
    if (event.time <= turn.watermark) return out.to(late, event)
    if (state.letters.length === 0) state.due = event.time + 3
    state.letters.push(event.value)
    out.emit(`${state.letters.length} ${event.value}`)
  },
  due: (state) => state.due,
  onTime(state, time, out) {
    out.emit(at(time, state.letters.join('')))
    state.letters = []
    state.due = Number.POSITIVE_INFINITY
  },
  onIdle: (state, out) => out.emit(`so far ${state.letters.join('')}`),
})

describe('verifyProcessor', () => {
  test('takes a processor through events, watermarks and silences', () => {
    verifyProcessor(gathering())
      .given([at(10, 'a'), at(11, 'b'), watermark(12), silence(), watermark(20), at(19, 'c'), at(21, 'd')])
      .expect(['1 a', '2 b', 'so far ab', at(13, 'ab'), tagged(late, at(19, 'c')), '1 d'])
  })

  test('says how the outputs differ', () => {
    const verification = verifyProcessor(gathering()).given([at(10, 'a')])
    expect(() => verification.expect(['1 b'])).toThrow(/with the state left in memory:[\s\S]*1 a/)
    expect(() => verification.expect([])).toThrow()
    expect(() => verification.expect(['1 a', at(13, 'a')])).toThrow()
  })

  test('emits what a watermark brings out before the watermark that a step causes', () => {
    const clock: ClockProcessor<Letter> = {
      create: () => ({ due: 12 }),
      onEvent(_state, event, out, turn) {
        turn.advance(event.time)
        out.emit(at(event.time, `${event.value} at ${turn.watermark}`))
      },
      due: (state) => (state as { due: number }).due,
      onTime(state, time, out, turn) {
        ;(state as { due: number }).due = Number.POSITIVE_INFINITY
        out.emit(at(time, `timer behind ${turn.watermark}`))
      },
    }
    verifyProcessor(clock)
      .given([at(11, 'a'), at(15, 'b'), at(13, 'c')])
      .expect([
        at(11, 'a at -Infinity'),
        watermark(11),
        at(15, 'b at 11'),
        at(12, 'timer behind 11'),
        watermark(15),
        at(13, 'c at 15'),
      ])
  })

  test('compares reasons with a pattern, and counts an event that is late twice in a turn once', () => {
    const refusing: Processor<Timed, never> = {
      create: () => null,
      onEvent(_state, event, out, { arrival }) {
        out.to(late, event)
        out.to(late, event)
        out.to(quarantined, event, `time ${event.time} is not ${arrival}`)
      },
    }
    const event = at(5, 'x')
    const given = [wallTime(7), watermark(9), event]
    const verification = verifyProcessor(refusing).given(given)
    verification.expect([tagged(late, event), tagged(quarantined, event, /5 is not 7/)])
    verification.expect([
      tagged(late, event, /is 4 ms behind the watermark/),
      tagged(quarantined, event, 'time 5 is not 7'),
    ])
    for (const wrong of [
      [tagged(late, event), tagged(quarantined, event, /5 is not 8/)],
      [tagged(late, event), tagged(late, event), tagged(quarantined, event)],
      [tagged(late, event), tagged(quarantined, at(6, 'x'))],
    ]) {
      expect(() => verification.expect(wrong)).toThrow()
    }
  })

  test('tells what goes to a tag of your own, and whose state it is', () => {
    const owned = outputTag<string>('owned')
    const telling: Processor<Timed, never> = {
      create: () => null,
      onEvent: (_state, _event, out, { key, subkey }) => out.to(owned, `${key} ${subkey}`),
    }
    verifyProcessor(telling)
      .given([at(1, 'x')])
      .expect([tagged(owned, 'actor ', '')])
    verifyProcessor(telling, { key: 'k', subkey: 's' })
      .given([at(1, 'x')])
      .expect([tagged(owned, 'k s')])
  })

  test('finds out a processor that keeps something outside its state', () => {
    let count = 0
    const forgetful: Processor<Letter, number> = {
      create: () => ({}),
      onEvent(_state, _event, out) {
        count += 1
        out.emit(count)
      },
    }
    expect(() =>
      verifyProcessor(forgetful)
        .given([at(1, 'a')])
        .expect([1]),
    ).toThrow('copied before every step')
  })

  test('finds out a state that is shared between actors', () => {
    const shared = { count: 0 }
    const sharing: Processor<Letter, number> = {
      create: () => shared,
      onEvent(state, _event, out) {
        ;(state as { count: number }).count += 1
        out.emit((state as { count: number }).count)
      },
    }
    expect(() =>
      verifyProcessor(sharing)
        .given([at(1, 'a'), at(2, 'b')])
        .expect([1, 2]),
    ).toThrow()
  })

  test('finds out a state that cannot be saved', () => {
    class Counter {
      count = 0
      up(): number {
        this.count += 1
        return this.count
      }
    }
    const unsavable: Processor<Letter, number> = {
      create: () => new Counter(),
      onEvent: (state, _event, out) => out.emit((state as Counter).up()),
    }
    expect(() =>
      verifyProcessor(unsavable)
        .given([at(1, 'a'), at(2, 'b')])
        .expect([1, 2]),
    ).toThrow(TypeError)
  })

  test('finds out a processor that changes an event', () => {
    const meddling: Processor<{ time: number; value: string }, never> = {
      create: () => null,
      onEvent(_state, event) {
        event.value = 'other'
      },
    }
    expect(() =>
      verifyProcessor(meddling)
        .given([{ time: 1, value: 'a' }])
        .expect([]),
    ).toThrow(TypeError)
  })

  test('finds out a timer that would fire for ever', () => {
    const stuck: Processor<Letter, never> = {
      create: () => null,
      onEvent() {},
      due: () => 5,
      onTime() {},
    }
    expect(() =>
      verifyProcessor(stuck)
        .given([watermark(9)])
        .expect([]),
    ).toThrow('after onTime(5) due() is still 5, not later')
  })
})
