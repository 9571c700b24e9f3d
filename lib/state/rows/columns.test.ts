import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from './codec.ts'
import { type Columns, objectReader, toColumns } from './columns.ts'

const roundTrip = (objects: readonly unknown[], beside: readonly string[]): unknown[] | undefined => {
  const columns = toColumns(objects, beside)
  return columns && beside.map((_, row) => objectReader(decode<Columns>(encode(columns)), beside)(row))
}

describe('toColumns', () => {
  it('gives back objects of one shape', () => {
    const objects = [
      { device: 'a', metric: 'heat', value: 1.5, time: 1 },
      { device: 'b', metric: 'load', value: Number.NaN, time: 2 },
    ]
    expect(roundTrip(objects, ['a', 'b'])).toEqual(objects)
  })

  it('does not write a column again that is known already', () => {
    const columns = toColumns([{ device: 'a' }, { device: 'b' }], ['a', 'b'])
    expect(columns).toEqual({ names: ['device'], columns: [0] })
  })

  it('keeps fields of mixed types, nested ones and undefined', () => {
    const objects = [
      { value: 1, list: [1, { x: 2 }], flag: true, text: 'a' },
      { value: 'two', list: null, flag: undefined, text: 3 },
    ]
    expect(roundTrip(objects, ['', ''])).toEqual(objects)
  })

  it('leaves other shapes to others', () => {
    expect(toColumns([{ a: 1 }, { b: 1 }], ['', ''])).toBeUndefined()
    expect(toColumns([{ a: 1 }, { a: 1, b: 2 }], ['', ''])).toBeUndefined()
    expect(toColumns([{ a: 1 }, null], ['', ''])).toBeUndefined()
    expect(toColumns([new Map()], [''])).toBeUndefined()
    expect(toColumns(['text'], [''])).toBeUndefined()
    expect(toColumns([JSON.parse('{ "__proto__": 1 }')], [''])).toBeUndefined()
  })

  it('gives back whatever it takes', () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer()))
    const rows = fc.array(fc.record({ one: value, two: value, name: fc.string() }), { minLength: 1 })
    fc.assert(
      fc.property(rows, fc.boolean(), (objects, isNamed) => {
        const plain = objects.map((object) => ({ ...object }))
        const beside = plain.map(({ name }) => (isNamed ? name : ''))
        const numbersPlusZero = JSON.parse(JSON.stringify(plain)) as unknown[]
        expect(JSON.parse(JSON.stringify(roundTrip(plain, beside)))).toEqual(numbersPlusZero)
      }),
    )
  })
})
