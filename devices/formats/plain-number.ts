/**
 * The number a payload consists of, as decimal text with optional white space around it: `71.4`, `-3e-2`.
 * Undefined when it is anything else; Infinity when it is too large for a double, as `1e400` is.
 */
export const plainNumber = (payload: Uint8Array): number | undefined => {
  if (payload.length === 0 || payload.length > longest) return undefined
  if (payload[0]! > nine) return undefined
  const short = payload.length <= exactDigits ? shortDecimal(payload) : undefined
  if (short !== undefined) return short
  const text = latin1(payload)
  return decimal.test(text) ? Number(text) : undefined
}

const longest = 64
/** So many digits are exact as a double, and so is their quotient by a power of ten, rounded once. */
const exactDigits = 15
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39

/** Nearly all that sensors send: digits, perhaps with a sign and a point. Undefined for anything else. */
const shortDecimal = (payload: Uint8Array): number | undefined => {
  const isNegative = payload[0] === minus
  const start = isNegative ? 1 : 0
  let digits = 0
  let pointAt = -1
  for (let place = start; place < payload.length; place++) {
    const byte = payload[place]!
    if (byte >= zero && byte <= nine) digits = digits * 10 + (byte - zero)
    else if (byte === point && pointAt < 0) pointAt = place
    else return undefined
  }
  const decimals = pointAt < 0 ? 0 : payload.length - 1 - pointAt
  if (payload.length - start === (pointAt < 0 ? 0 : 1)) return undefined
  const size = digits / tenTo[decimals]!
  return isNegative ? -size : size
}

const tenTo = Array.from({ length: exactDigits }, (_, power) => 10 ** power)

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

const latin1 = (bytes: Uint8Array): string =>
  (bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString(
    'latin1',
  )
