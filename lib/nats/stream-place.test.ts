import { describe, expect, test } from 'vitest'
import { compareKeys } from './row-id.ts'
import {
  type Confirmed,
  type NewestRow,
  type Place,
  placeInStream,
  type StreamState,
} from './stream-place.ts'

const at = (position: number) => ({ position, index: 0 })
const row = (epoch: string, position: number, sequence: number) => ({
  ...{ id: { epoch, key: at(position) }, sequence },
  ...{ payload: new Uint8Array(), isReplacement: false },
})
const ours = (position: number, sequence: number) => row('mine', position, sequence)
const stream = (lastSequence: number, last?: StreamState['last'], created = 'monday'): StreamState => ({
  created,
  lastSequence,
  last,
})
const confirmed = (position: number, sequence: number): Confirmed => ({
  created: 'monday',
  key: at(position),
  sequence,
})

/** This store has written the rows up to position 20. */
const claim = {
  epoch: 'mine',
  takeOver: [] as string[],
  wrote: ({ id }: NewestRow) => id.key.position <= 20,
}
const place = (state: StreamState, known?: Confirmed): Place => placeInStream(state, known, claim)
const resume = (position: number | undefined, found: string) => ({
  kind: 'after',
  key: position === undefined ? undefined : at(position),
  found,
})

describe('the rule for every state of the stream', () => {
  test('a new stream and a new store begin with the first row', () => {
    expect(place(stream(0))).toEqual(resume(undefined, 'new'))
  })

  test('a stream in which others wrote without ids is begun like a new one', () => {
    expect(place(stream(7))).toEqual(resume(undefined, 'new'))
  })

  test('a restart without memory believes the stream', () => {
    expect(place(stream(9, ours(12, 9)))).toEqual(resume(12, 'more than known'))
  })

  test('nothing happened', () => {
    expect(place(stream(9, ours(12, 9)), confirmed(12, 9))).toEqual(resume(12, 'as left'))
  })

  test('rows whose confirmation was missed are not sent again', () => {
    expect(place(stream(11, ours(14, 11)), confirmed(12, 9))).toEqual(resume(14, 'more than known'))
  })

  test('a tail the server lost is sent again', () => {
    expect(place(stream(6, ours(9, 6)), confirmed(12, 9))).toEqual(resume(9, 'tail lost'))
  })

  test('a server that lost all of the stream gets back as many rows as it lost', () => {
    expect(place(stream(0), confirmed(12, 9))).toEqual({ kind: 'back', rows: 9, found: 'tail lost' })
    expect(place(stream(4), confirmed(12, 9))).toEqual({ kind: 'back', rows: 5, found: 'tail lost' })
  })

  test('messages deleted on purpose stay deleted', () => {
    expect(place(stream(9, ours(9, 6)), confirmed(12, 9))).toEqual(resume(12, 'newest deleted'))
  })

  test('a purged stream is resumed after the newest confirmed row', () => {
    expect(place(stream(9), confirmed(12, 9))).toEqual(resume(12, 'purged'))
  })

  test('a recreated stream is resumed after the newest confirmed row', () => {
    expect(place(stream(0, undefined, 'tuesday'), confirmed(12, 9))).toEqual(resume(12, 'recreated'))
    expect(place(stream(500, undefined, 'tuesday'), confirmed(12, 9))).toEqual(resume(12, 'recreated'))
    expect(place(stream(2, ours(9, 2), 'tuesday'), confirmed(12, 9))).toEqual(resume(12, 'recreated'))
  })

  test('a recreated stream that already took newer rows is resumed after those', () => {
    expect(place(stream(2, ours(14, 2), 'tuesday'), confirmed(12, 9))).toEqual(resume(14, 'more than known'))
  })
})

describe('a stream that somebody else writes to', () => {
  const theirs = row('theirs', 3, 9)

  test.each([undefined, confirmed(12, 9)])(
    'is left alone, in words that name both stores and the remedies',
    (known) => {
      const taken = place(stream(9, theirs), known)
      expect(taken).toMatchObject({ kind: 'taken', reason: expect.stringContaining('store "theirs"') })
      expect(taken).toMatchObject({ takeOver: 'theirs' })
    },
  )

  test('is taken over when told that its writer is gone', () => {
    const told = { ...claim, takeOver: ['theirs'] }
    expect(placeInStream(stream(9, theirs), undefined, told)).toEqual(resume(undefined, 'taken over'))
    expect(placeInStream(stream(9, theirs), confirmed(12, 8), told)).toEqual(resume(12, 'taken over'))
  })

  test.each([undefined, confirmed(12, 9)])('from a copy of this store is recognised too', (known) => {
    expect(place(stream(30, ours(21, 30)), known)).toMatchObject({
      kind: 'taken',
      reason: expect.stringContaining('this store never wrote it'),
      takeOver: 'mine-21-0',
    })
  })
})

test('in every state a row is either kept by the stream, sent again, or was taken away on purpose', () => {
  // Row p has sequence p while all is well: 1 to 6 are written, any prefix of them confirmed.
  for (let stored = 0; stored <= 6; stored++) {
    for (let known = 0; known <= stored; known++) {
      for (let kept = 0; kept <= stored; kept++) {
        const mark = known ? confirmed(known, known) : undefined
        const found = placeInStream(stream(kept, kept ? ours(kept, kept) : undefined), mark, claim)
        const resumesAfter =
          found.kind === 'back'
            ? known - found.rows
            : found.kind === 'after'
              ? (found.key?.position ?? 0)
              : Number.NaN
        expect(resumesAfter, `stored ${stored}, confirmed ${known}, kept ${kept}`).toBe(kept)
      }
      // A purge takes the messages and leaves the sequence: what was confirmed is not sent again.
      const mark = known ? confirmed(known, known) : undefined
      const purged = placeInStream(stream(stored), mark, claim)
      expect(purged).toMatchObject({ kind: 'after', key: mark?.key })
    }
  }
})

test('the place is never before a confirmed row unless the server lost it', () => {
  for (const lastSequence of [0, 5, 9, 12]) {
    for (const last of [undefined, 3, 8, 12, 14]) {
      for (const created of ['monday', 'tuesday']) {
        const state = stream(
          lastSequence,
          last ? ours(last, Math.min(last, lastSequence)) : undefined,
          created,
        )
        const found = place(state, confirmed(8, 8))
        if (found.kind !== 'after' || found.found === 'tail lost') expect(lastSequence).toBeLessThan(8)
        else expect(compareKeys(found.key!, at(8))).toBeGreaterThanOrEqual(0)
      }
    }
  }
})

describe('a store restored from a backup at position 20, made by "former"', () => {
  const restored = { ...claim, ancestors: [{ epoch: 'former', upTo: 20 }] }
  const former = (position: number, sequence: number) => row('former', position, sequence)
  const behindBackup = { kind: 'after', key: { position: 20, index: 0xffff_ffff }, found: 'restored' }

  test('goes on behind everything that the former one published after the backup', () => {
    expect(placeInStream(stream(9, former(31, 9)), confirmed(12, 4), restored)).toEqual(behindBackup)
    expect(placeInStream(stream(9, former(31, 9)), undefined, restored)).toEqual(behindBackup)
  })

  test('sends what the former one had not published by the time it was lost', () => {
    expect(placeInStream(stream(6, former(14, 6)), confirmed(12, 4), restored)).toEqual(
      resume(14, 'more than known'),
    )
    expect(placeInStream(stream(4, former(12, 4)), confirmed(12, 4), restored)).toEqual(resume(12, 'as left'))
  })

  test('keeps its place until it has published something itself', () => {
    const mark = { ...confirmed(20, 9), key: { position: 20, index: 0xffff_ffff } }
    expect(placeInStream(stream(9, former(31, 9)), mark, restored)).toEqual({
      ...behindBackup,
      found: 'as left',
    })
    expect(placeInStream(stream(10, ours(20, 10)), mark, restored)).toMatchObject({ kind: 'after' })
  })

  test('sends again what is lost when the stream loses its tail back into what the former one sent', () => {
    expect(placeInStream(stream(3, former(9, 3)), confirmed(12, 4), restored)).toEqual(resume(9, 'tail lost'))
  })

  test('follows a store that it replaced, of which it has nothing', () => {
    const claimed = { ...claim, ancestors: [{ epoch: 'replaced', upTo: 0 }] }
    const theirs = row('replaced', 400, 9)
    expect(placeInStream(stream(9, theirs), confirmed(12, 4), claimed)).toEqual(resume(12, 'taken over'))
    expect(placeInStream(stream(9, theirs), undefined, claimed)).toEqual(resume(undefined, 'taken over'))
  })
})
