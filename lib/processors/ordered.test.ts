import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at, tagged, watermark } from '../testing/notation.ts'
import { ProcessorRun } from '../testing/processor-run.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { late } from '../time/output-tag.ts'
import { ordered } from './ordered.ts'

describe('ordered', () => {
  test('holds events until the watermark passes them and lets them go in order of time', () => {
    verifyProcessor(ordered())
      .given([at(12, 'c'), at(10, 'a'), at(14, 'd'), at(11, 'b'), watermark(9), watermark(12), watermark(20)])
      .expect([at(10, 'a'), at(11, 'b'), at(12, 'c'), at(14, 'd')])
  })

  test('keeps those of the same time in order of arrival', () => {
    verifyProcessor(ordered())
      .given([at(10, 'a'), at(12, 'd'), at(10, 'b'), at(12, 'e'), at(10, 'c'), watermark(12)])
      .expect([at(10, 'a'), at(10, 'b'), at(10, 'c'), at(12, 'd'), at(12, 'e')])
  })

  test('calls an event late at the watermark, not only behind it', () => {
    verifyProcessor(ordered())
      .given([watermark(10), at(10, 'a'), at(9, 'b'), at(11, 'c'), watermark(11)])
      .expect([tagged(late, at(10, 'a')), tagged(late, at(9, 'b')), at(11, 'c')])
  })

  test('lets the earliest go when more wait than it may hold, and what comes before it is late', () => {
    verifyProcessor(ordered({ capacity: 2 }))
      .given([at(10, 'a'), at(12, 'c'), at(11, 'b'), at(9, 'x'), at(10, 'y'), watermark(20)])
      .expect([at(10, 'a'), tagged(late, at(9, 'x')), at(10, 'y'), at(11, 'b'), at(12, 'c')])
  })

  test('holds no more than its capacity of a source whose clock stands still', () => {
    const run = new ProcessorRun(ordered({ capacity: 100 }), (state) => state)
    for (let index = 0; index < 1_000; index += 1) run.take(at(5, index))
    expect(run.outputs).toHaveLength(900)
    expect(() => ordered({ capacity: 0 })).toThrow('capacity must be 1 event or more, got 0')
  })

  test('gives what sorting gives, for every order of arrival', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 })
    fc.assert(
      fc.property(times, (given) => {
        const run = new ProcessorRun(ordered(), (state) => state)
        const events = given.map((time, index) => at(time, index))
        for (const event of events) run.take(event)
        run.take(watermark(50))
        expect(run.outputs).toEqual(events.toSorted((a, b) => a.time - b.time))
      }),
    )
  })
})
