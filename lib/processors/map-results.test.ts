import { describe, expect, test } from 'vitest'
import { at, silence, tagged, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { late, outputTag } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import { versionOf } from '../time/state-version.ts'
import type { Timed } from '../time/timed.ts'
import { inSequence } from './in-sequence.ts'
import { mapResults } from './map-results.ts'
import { ordered } from './ordered.ts'
import { perKey } from './per-key.ts'

type Named = Timed & { readonly value: string }

const noted = outputTag<string>('noted')

/** Emits, and notes, each event, its timer one millisecond later, and silences. */
const telling: Processor<Named, Named, { due: number }> = {
  version: 3,
  create: () => ({ due: Number.POSITIVE_INFINITY }),
  onEvent(state, event, out) {
    state.due = event.time + 1
    out.to(noted, event.value)
    out.emit(event)
  },
  due: ({ due }) => due,
  onTime(state, time, out) {
    state.due = Number.POSITIVE_INFINITY
    out.emit(at(time, 'timer'))
  },
  onIdle: (_state, out) => out.emit(at(0, 'silence')),
}

const marked = mapResults(telling, ({ time, value }, { key, subkey }) =>
  at(time, `${key}/${subkey} ${value}`),
)

describe('mapResults', () => {
  test('maps what comes out of events, timers and silences, and nothing that goes to a tag', () => {
    verifyProcessor(marked, { key: 'k', subkey: 's' })
      .given([at(1, 'a'), silence(), watermark(5)])
      .expect([tagged(noted, 'a'), at(1, 'k/s a'), at(0, 'k/s silence'), at(2, 'k/s timer')])
  })

  test('keeps state, version and timers of what it maps', () => {
    expect(versionOf(marked)).toBe(3)
    expect(marked.create()).toEqual(telling.create())
    const immediate = mapResults({ create: () => null, onEvent() {} }, () => '')
    expect(Object.keys(immediate)).toEqual(['create', 'onEvent'])
    verifyProcessor(mapResults(ordered<Named>(), ({ value }) => value))
      .given([at(3, 'b'), at(2, 'a'), watermark(4), at(1, 'c')])
      .expect(['a', 'b', tagged(late, at(1, 'c'))])
  })

  test('maps every sub-key, as a row of its own too', () => {
    const keyed = perKey(({ value }: Named) => value, telling)
    const mapped = mapResults(keyed, ({ value }, { subkey }) => `${subkey}: ${value}`)
    verifyProcessor(mapped)
      .given([at(1, 'b'), watermark(9)])
      .expect([tagged(noted, 'b'), 'b: b', 'b: timer'])
    const { each } = mapped as unknown as typeof keyed
    verifyProcessor(each, { subkey: 's' })
      .given([at(1, 'b')])
      .expect([tagged(noted, 'b'), 's: b'])
  })

  test('can stand behind itself and inside itself', () => {
    const twice = mapResults(inSequence(marked, marked), ({ value }) => at(0, `(${value})`))
    verifyProcessor(inSequence(twice, twice), { key: 'k' })
      .given([at(1, 'a')])
      .expect([
        ...['a', 'k/ a', '(k/ k/ a)', 'k/ (k/ k/ a)'].map((value) => tagged(noted, value)),
        at(0, '(k/ k/ (k/ k/ a))'),
      ])
  })
})
