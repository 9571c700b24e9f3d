import type { OutboxKey } from '../state/store.ts'
import type { Confirmed } from './stream-place.ts'

/**
 * What the relay knows across restarts: the newest row it saw confirmed, and the newest it let go of. The
 * stream itself says where to go on; the mark tells a lost tail from a purge, and a wiped stream from a
 * new one.
 */
export interface RelayMark extends Confirmed {
  readonly removed?: OutboxKey | undefined
}

export const markName = (sink: string): string => `relay ${sink}`

export const encodeMark = (mark: RelayMark): Uint8Array => Buffer.from(JSON.stringify(mark))

export const decodeMark = (bytes: Uint8Array): RelayMark => JSON.parse(Buffer.from(bytes).toString())
