import { describe, expect, it } from 'vitest'
import { defaultPace } from './pace.ts'
import { type CheckpointAtHand, sliceBounds } from './slice-bounds.ts'

const pace = { ...defaultPace, checkpointAfter: 10_000, journalEntries: 1_000_000 }
const quiet: CheckpointAtHand = { now: 50_000, end: 3_000_000, journaled: 200_000, isLast: false }

describe('sliceBounds', () => {
  it('takes what is half as old, in time or in turns, as state may become', () => {
    expect(sliceBounds(pace, quiet)).toEqual({
      bytes: pace.sliceBytes,
      items: 250,
      piece: { bytes: 24 * 1024, items: 20 },
      by: 45_000,
      before: 2_750_000,
    })
  })

  it('takes large slices once the journal is too long, in pieces for which no turn waits long', () => {
    const { bytes, items, piece } = sliceBounds(pace, { ...quiet, journaled: 1_000_001 })
    expect([bytes, items]).toEqual([pace.sliceBytesUnderPressure, 2_000])
    expect(piece).toEqual({ bytes: 256 * 1024, items: 200 })
  })

  it('takes whatever there is before a stop, by and by', () => {
    const { bytes, items, by, before } = sliceBounds(pace, { ...quiet, isLast: true })
    expect([bytes, items]).toEqual([pace.sliceBytesUnderPressure, 2_000])
    expect([by, before]).toEqual([Infinity, Infinity])
  })
})
