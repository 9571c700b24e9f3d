/**
 * The number a payload consists of, as decimal text with optional white space around it: `71.4`, `-3e-2`.
 * Undefined when it is anything else; Infinity when it is too large for a double, as `1e400` is.
 */
export const plainNumber = (payload: Uint8Array): number | undefined => {
  if (payload.length === 0 || payload.length > longest) return undefined
  const first = payload[0]!
  if (first > nine) return undefined
  const text = latin1(payload)
  return decimal.test(text) ? Number(text) : undefined
}

const longest = 64
const nine = 0x39
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

const latin1 = (bytes: Uint8Array): string =>
  (bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString(
    'latin1',
  )
