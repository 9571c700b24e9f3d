import { describe, expect, test } from 'vitest'
import type { Output } from './output.ts'
import { dead, isBuiltInTag, late, outputTag, quarantined } from './output-tag.ts'
import type { ClockProcessor, Processor } from './processor.ts'
import type { Timed } from './timed.ts'

interface Payment extends Timed {
  readonly card: string
}

describe('outputTag', () => {
  test('names a side output, within the rules of all names', () => {
    expect(outputTag('suspicious')).toEqual({ name: 'suspicious' })
    expect(() => outputTag('')).toThrow('The name of the output tag is empty')
    expect(() => outputTag('x'.repeat(65))).toThrow('64 are allowed')
  })

  test('refuses the name of a built-in tag, whose values have another type', () => {
    for (const { name } of [late, quarantined, dead]) {
      expect(isBuiltInTag(name)).toBe(true)
      expect(() => outputTag(name)).toThrow(`The output tag "${name}" is built in`)
    }
    expect(isBuiltInTag('suspicious')).toBe(false)
  })
})

describe('the compiler', () => {
  const sent: unknown[] = []
  const out: Output<string> = {
    emit: (value) => void sent.push(value),
    to: ({ name }, value, reason) => void sent.push([name, value, reason]),
  }
  const payment: Payment = { card: 'c', time: 1 }

  test('lets a tag take values of its own type and no others', () => {
    const suspicious = outputTag<Payment>('suspicious')
    out.to(suspicious, payment)
    out.to(late, payment, 'a reason')
    out.to(dead, 'anything')
    // @ts-expect-error a string is no payment
    out.to(suspicious, 'c')
    // @ts-expect-error what is late has a time
    out.to(late, { card: 'c' })
    // @ts-expect-error a tag of payments does not take everything
    const anything: typeof dead = suspicious
    expect(anything).toBe(suspicious)
    expect(sent.slice(0, 3)).toEqual([
      ['suspicious', payment, undefined],
      ['late', payment, 'a reason'],
      ['dead', 'anything', undefined],
    ])
  })

  test('lets a clock step advance, and nothing else', () => {
    const clock: ClockProcessor<Payment> = {
      create: () => null,
      onEvent: (_state, { time }, _out, turn) => turn.advance(time),
    }
    const ordinary: Processor<Payment, string> = {
      create: () => null,
      // @ts-expect-error only a ClockProcessor has a turn that advances
      onEvent: (_state, { time }, _out, turn) => turn.advance(time),
    }
    const moved: number[] = []
    const turn = {
      ...{ key: 'k', subkey: '', watermark: 0, arrival: 0 },
      advance: (watermark: number) => void moved.push(watermark),
    }
    clock.onEvent(null, payment, { emit() {}, to() {} }, turn)
    ordinary.onEvent(null, { ...payment, time: 2 }, out, turn)
    expect(moved).toEqual([1, 2])
  })

  test('lets a processor emit results of its own type and no others', () => {
    const counting: Processor<Payment, string, number> = {
      create: () => 0,
      // @ts-expect-error this processor has no numbers as results
      onEvent: (count, _event, results) => results.emit(count),
    }
    counting.onEvent(0, payment, out, { key: 'k', subkey: '', watermark: 0, arrival: 0 })
    expect(sent.at(-1)).toBe(0)
  })
})
