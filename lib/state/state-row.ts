import { decode, encode } from './codec.ts'

/** The saved state of one step, or of one sub-key of it. */
export interface SavedState {
  /** Version of the step that wrote it. */
  readonly version: number
  /** Position of the last turn it includes. */
  readonly position: number
  /** Watermark of its actor after that turn. */
  readonly watermark: number
  readonly state: unknown
}

type Columns = readonly [version: number, position: number, watermark: number, state: unknown]

export const encodeStateRow = ({ version, position, watermark, state }: SavedState): Uint8Array =>
  encode([version, position, watermark, state] satisfies Columns)

export function decodeStateRow(bytes: Uint8Array): SavedState {
  const [version, position, watermark, state] = decode<Columns>(bytes)
  return { version, position, watermark, state }
}
