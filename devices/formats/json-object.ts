import { excerpt } from './excerpt.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The object a payload holds, or what is wrong with it. */
export const parseObject = (payload: Uint8Array): object | string => {
  let text: string
  try {
    text = utf8.decode(payload)
  } catch {
    return 'the payload is not valid UTF-8: send a number as text, or JSON'
  }
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
    return `the payload is ${excerpt(parsed)}: send a number, or a JSON object with a metric in each field`
  } catch {
    return `the payload is ${excerpt(text)}, neither a number nor valid JSON: send one of them`
  }
}

/** The field of an object that says when it was measured: the first there is of those with such a name. */
export const stampOf = (object: object): { field: string; value: unknown } | undefined => {
  for (const field of stampFields)
    if (Object.hasOwn(object, field)) return { field, value: (object as Record<string, unknown>)[field] }
  return undefined
}

const stampFields = ['ts', 'time', 'timestamp'] as const
