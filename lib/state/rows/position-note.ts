import type { Store } from '../store.ts'
import { decode, encode } from './codec.ts'

/** The note that keeps positions increasing when the journal is empty. */
export const positionNote = 'next position'

export const encodePosition = (position: number): Uint8Array => encode(position)

/** The first position ever is 1: 0 stands for none. */
export function readPosition(store: Store): number {
  const bytes = store.readNote(positionNote)
  return bytes ? decode<number>(bytes) : 1
}
