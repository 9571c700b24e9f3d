import type { StateVersion } from '../../time/state-version.ts'
import type { StateShapes } from './state-shapes.ts'

/** The saved state of one step, or of one sub-key of it. */
export interface SavedState {
  /** Version of the step that wrote it. */
  readonly version: StateVersion
  readonly state: unknown
}

/** Names no fields: those are in the store's table, as it was when it had this many shapes. */
type Columns = readonly [shapes: number, version: StateVersion, state: unknown]

export const encodeStateRow = ({ version, state }: SavedState, shapes: StateShapes): Uint8Array => {
  for (;;) {
    const { count } = shapes
    const bytes = shapes.encode([count, version, state] satisfies Columns)
    // Encoding may have found a new one.
    if (shapes.count === count) return bytes
  }
}

export function decodeStateRow(bytes: Uint8Array, shapes: StateShapes): SavedState {
  const [, version, state] = shapes.decode<Columns>(bytes, readCount(bytes).count)
  return { version, state }
}

/** The version alone, read without the state behind it. */
export const readRowVersion = (bytes: Uint8Array, shapes: StateShapes): StateVersion =>
  readVersion(bytes, { at: readCount(bytes).next }) ?? decodeStateRow(bytes, shapes).version

/** A MessagePack number up to 256, behind the byte that says how many columns there are. */
export function readCount(bytes: Uint8Array): { readonly count: number; readonly next: number } {
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
