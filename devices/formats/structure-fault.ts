import type { Fault } from './format.ts'
import type { JsonLimits } from './json-limits.ts'

/**
 * Why the JSON text in `payload` is not to be parsed: it nests deeper, or has more fields, values or bytes
 * outside of texts than the limits allow. It is found in the bytes, and at the first excess, because parsing
 * 64 kB of brackets takes milliseconds. Undefined for anything else, also for what is no JSON.
 */
export const structureFault = (
  payload: Uint8Array,
  { depth, keys, values }: JsonLimits,
): Fault | undefined => {
  const longestBare = barePerKey * keys
  let level = 0
  let colons = 0
  let others = 0
  let bare = 0
  for (let place = 0; place < payload.length; place++) {
    const byte = payload[place]!
    if (++bare > longestBare) return tooMuchBare(longestBare)
    if (isStructure[byte] === 0) continue
    if (byte === quote) {
      do {
        place = payload.indexOf(quote, place + 1)
        if (++others > values) return tooManyValues(values)
      } while (isEscaped(payload, place))
      if (place < 0) return undefined
    } else if (byte === comma) {
      if (++others > values) return tooManyValues(values)
    } else if (byte === colon) {
      if (++colons > keys) return tooManyFields(keys)
    } else if (byte === openBrace || byte === openBracket) {
      if (++level > depth) return tooDeep(depth)
    } else level--
  }
  return undefined
}

/** What an object with too many fields is refused with, whichever way it was found. */
export const tooManyFields = (keys: number): Fault => ({
  kind: 'too many fields',
  message: `the object has more than ${keys} fields: split it over several publishes`,
})

const tooDeep = (depth: number): Fault => ({
  kind: 'nested too deep',
  message: `the payload is nested deeper than ${depth} levels: flatten it`,
})

const tooManyValues = (values: number): Fault => ({
  kind: 'too many values',
  message: `the payload has more than ${values} commas, texts and escaped quotation marks: split it over several publishes`,
})

const tooMuchBare = (bytes: number): Fault => ({
  kind: 'too much outside of texts',
  message: `the payload has more than ${bytes} bytes outside of texts: send shorter numbers and less white space`,
})

/** Enough for a field with its number, indented by eight levels. */
const barePerKey = 64

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** By byte: 1 for those that `structureFault` looks at. */
const isStructure = new Uint8Array(256)
for (const byte of [quote, comma, colon, openBracket, closeBracket, openBrace, closeBrace])
  isStructure[byte] = 1

/** Whether the quotation mark at `place` belongs to its text: behind an odd number of backslashes. */
const isEscaped = (payload: Uint8Array, place: number): boolean => {
  let before = place - 1
  while (payload[before] === backslash) before--
  return (place - 1 - before) % 2 === 1
}
