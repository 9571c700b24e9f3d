import { Packr } from 'msgpackr'

/**
 * The encoding of everything saved: MessagePack, self-contained, so that any value can be read without a
 * neighbour. Keeps Map, Set, typed arrays, NaN and ±Infinity; −0 becomes 0.
 */
const packr = new Packr({ useRecords: true, moreTypes: true })

export const encode = (value: unknown): Uint8Array => packr.pack(value)
export const decode = <T>(bytes: Uint8Array): T => packr.unpack(bytes) as T
