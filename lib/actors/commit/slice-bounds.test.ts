import { describe, expect, it } from 'vitest'
import { defaultPace } from './pace.ts'
import { type CommitAtHand, sliceBounds } from './slice-bounds.ts'

const pace = { ...defaultPace, checkpointAfter: 10_000, journalEntries: 1_000_000 }
const quiet: CommitAtHand = {
  now: 50_000,
  elapsed: 10,
  end: 3_000_000,
  entries: 100,
  journaled: 200_000,
  dirty: 10_000,
  isLast: false,
}

describe('sliceBounds', () => {
  it('takes what is old, in time or in turns, twice as fast as it must', () => {
    expect(sliceBounds(pace, quiet)).toEqual({
      bytes: pace.sliceBytes,
      items: 20,
      by: 40_000,
      before: 2_500_000,
    })
  })

  it('takes more with a large commit', () => {
    expect(sliceBounds(pace, { ...quiet, entries: 5_000 }).items).toBe(200)
  })

  it('takes at least one, however little time has passed', () => {
    expect(sliceBounds(pace, { ...quiet, elapsed: 1, entries: 1, dirty: 3 }).items).toBe(1)
  })

  it('takes no more than one transaction writes well, however much time has passed', () => {
    expect(sliceBounds(pace, { ...quiet, elapsed: Number.POSITIVE_INFINITY }).items).toBe(2_000)
  })

  it('takes large slices once the journal is too long, and never so large that turns wait long', () => {
    const { bytes, items } = sliceBounds(pace, { ...quiet, journaled: 1_000_001 })
    expect([bytes, items]).toEqual([pace.sliceBytesUnderPressure, 2_000])
  })

  it('takes whatever there is before a stop, by and by', () => {
    const { bytes, items, by, before } = sliceBounds(pace, { ...quiet, isLast: true })
    expect([bytes, items]).toEqual([pace.sliceBytesUnderPressure, 2_000])
    expect([by, before]).toEqual([Infinity, Infinity])
  })
})
