/**
 * How lmdb hands bytes over. It reads every key and value into one buffer of its own and would allocate a new
 * one for each copy; a copy taken from Node's pool costs a third.
 */
export const valueBytes = {
  encode: (bytes: Uint8Array): Uint8Array => bytes,
  decode: (source: Uint8Array, length: number = source.length): Buffer => copy(source, 0, length),
}

export const keyBytes = {
  writeKey(key: unknown, target: Uint8Array, start: number): number {
    target.set(key as Uint8Array, start)
    return start + (key as Uint8Array).length
  },
  readKey: (source: Uint8Array, start: number, end: number): Buffer => copy(source, start, end),
}

/** `source` is longer than its own `length` says, so it is copied by address or byte by byte. */
const copy = (source: Uint8Array, start: number, end: number): Buffer => {
  const bytes = Buffer.allocUnsafe(end - start)
  if (end - start > 64) bytes.set(new Uint8Array(source.buffer, source.byteOffset + start, end - start))
  else for (let at = start; at < end; at++) bytes[at - start] = source[at] as number
  return bytes
}
