import type { StateVersion } from '../../time/state-version.ts'
import { decode } from './codec.ts'
import type { StateShapes } from './state-shapes.ts'

/** The saved state of one step, or of one sub-key of it. */
export interface SavedState {
  /** Version of the step that wrote it. */
  readonly version: StateVersion
  /** Position of the last turn it includes. */
  readonly position: number
  /** Watermark of its actor after that turn. */
  readonly watermark: number
  readonly state: unknown
  /** Wall time of the last event of its actor by then, 0 in a row written before there were due rows. */
  readonly lastEvent: number
  /** Ticks that the actor had had by then since that event. */
  readonly silence: Silence
}

/** The ticks a silence has had: none, the one for provisional results, or the one that closes. */
export type Silence = 'none' | 'idle' | 'closed'

const silences: readonly Silence[] = ['none', 'idle', 'closed']

type Columns = readonly [
  version: StateVersion,
  position: number,
  watermark: number,
  state: unknown,
  lastEvent?: number,
  silence?: number,
]

/** What follows names no fields: those are in the store's table, as it was when it had this many shapes. */
type ShapedColumns = readonly [shapes: number, ...Columns]

/** First byte of a row in `ShapedColumns`: a MessagePack array of seven. Earlier rows have up to six. */
const shapedMark = 0x97

export const encodeStateRow = (saved: SavedState, shapes: StateShapes): Uint8Array => {
  const { version, position, watermark, state, lastEvent, silence } = saved
  const ticks = silences.indexOf(silence)
  for (;;) {
    const { count } = shapes
    const bytes = shapes.encode([
      count,
      version,
      position,
      watermark,
      state,
      lastEvent,
      ticks,
    ] satisfies ShapedColumns)
    // Encoding may have found a new one.
    if (shapes.count === count) return bytes
  }
}

export function decodeStateRow(bytes: Uint8Array, shapes: StateShapes): SavedState {
  if (bytes[0] !== shapedMark) return savedFrom(decode<Columns>(bytes))
  const [, ...columns] = shapes.decode<ShapedColumns>(bytes, readCount(bytes).count)
  return savedFrom(columns)
}

const savedFrom = ([
  version,
  position,
  watermark,
  state,
  lastEvent = 0,
  silence = 0,
]: Columns): SavedState => ({
  version,
  position,
  watermark,
  state,
  lastEvent,
  silence: silences[silence] ?? 'none',
})

/** The version alone, read without the state behind it. */
export function readRowVersion(bytes: Uint8Array, shapes: StateShapes): StateVersion {
  const at = bytes[0] === shapedMark ? readCount(bytes).next : 1
  return readVersion(bytes, { at }) ?? decodeStateRow(bytes, shapes).version
}

/** A MessagePack number up to 256, behind the mark. */
function readCount(bytes: Uint8Array): { readonly count: number; readonly next: number } {
  const first = bytes[1] as number
  if (first < 0x80) return { count: first, next: 2 }
  if (first === 0xcc) return { count: bytes[2] as number, next: 3 }
  return { count: ((bytes[2] as number) << 8) | (bytes[3] as number), next: 4 }
}

/** A MessagePack small number or short array of such; undefined for anything else, which is rare. */
function readVersion(bytes: Uint8Array, from: { at: number }): StateVersion | undefined {
  const first = bytes[from.at++]
  if (first === undefined || first < 0x80) return first
  if ((first & 0xf0) !== 0x90) return undefined
  const parts: StateVersion[] = []
  for (let left = first & 0x0f; left > 0; left--) {
    const part = readVersion(bytes, from)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return parts
}
