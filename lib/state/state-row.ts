import type { StateVersion } from '../time/state-version.ts'
import { decode, encode } from './codec.ts'

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

export const encodeStateRow = (saved: SavedState): Uint8Array => {
  const { version, position, watermark, state, lastEvent, silence } = saved
  return encode([version, position, watermark, state, lastEvent, silences.indexOf(silence)] satisfies Columns)
}

export function decodeStateRow(bytes: Uint8Array): SavedState {
  const [version, position, watermark, state, lastEvent = 0, silence = 0] = decode<Columns>(bytes)
  return { version, position, watermark, state, lastEvent, silence: silences[silence] ?? 'none' }
}

/** The version alone, read without the state behind it. */
export function readRowVersion(bytes: Uint8Array): StateVersion {
  return readVersion(bytes, { at: 1 }) ?? decodeStateRow(bytes).version
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
