import { excerpt } from './excerpt.ts'
import type { Fault } from './format.ts'
import type { JsonLimits } from './json-limits.ts'
import { payloadText } from './payload-text.ts'
import { structureFault } from './structure-fault.ts'

/** The object a payload holds, or what is wrong with it. The time it takes is bounded by the limits. */
export const parseObject = (payload: Uint8Array, limits: JsonLimits): { object: object } | Fault => {
  const isLong = payload.length > shortPayload
  if (isLong && !beginsAsObject(payload)) return notAnObject(payload)
  const excess = isLong ? structureFault(payload, limits) : undefined
  if (excess) return excess
  const text = payloadText(payload)
  if (text === undefined)
    return {
      kind: 'payload not UTF-8',
      message: 'the payload is not valid UTF-8: send a number as text, or JSON',
    }
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { object: parsed }
    return {
      kind: 'payload not an object',
      message: `the payload is ${excerpt(parsed)}: send a number, or a JSON object with a metric in each field`,
    }
  } catch {
    return {
      kind: 'payload not JSON',
      message: `the payload is ${excerpt(text)}, neither a number nor valid JSON: send one of them`,
    }
  }
}

/** Up to this length, parsing costs little whatever the payload is. */
const shortPayload = 1_024

const openBrace = 0x7b
const space = 0x20
const beyondAscii = 0x80

/** White space and a byte order mark may precede the brace. */
const beginsAsObject = (payload: Uint8Array): boolean => {
  const margin = payload.subarray(0, longestMargin)
  return margin.find((byte) => byte > space && byte < beyondAscii) === openBrace
}

const longestMargin = 64

const notAnObject = (payload: Uint8Array): Fault => {
  const beginning = Buffer.from(payload.subarray(0, 400)).toString()
  return {
    kind: 'payload not an object',
    message: `the payload of ${payload.length} bytes begins with ${excerpt(beginning)}: send a number, or a JSON object with a metric in each field`,
  }
}

/** The field of an object that says when it was measured: the first there is of those with such a name. */
export const stampOf = (object: object): { field: string; value: unknown } | undefined => {
  for (const field of stampFields)
    if (Object.hasOwn(object, field)) return { field, value: (object as Record<string, unknown>)[field] }
  return undefined
}

const stampFields = ['ts', 'time', 'timestamp'] as const
