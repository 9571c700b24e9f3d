import type { Reading } from '../wire/reading.ts'
import { readingTopics } from '../wire/reading-topic.ts'
import { timestamp } from '../wire/timestamp.ts'
import { excerpt } from './excerpt.ts'
import { flatten } from './flatten.ts'
import type { Format, Interpretation, PayloadReader } from './format.ts'
import { type JsonLimits, jsonLimits } from './json-limits.ts'
import { plainNumber } from './plain-number.ts'
import { type Route, topicTemplate } from './topic-template.ts'

export interface JsonOptions {
  /** Topics to read; the first that matches decides. `v1/{device}/{metric}`, `v1/{device}` unless given. */
  readonly topics?: readonly string[]
  /** Fields, by flattened name, that are no metrics and no mistake: units, firmware versions, labels. */
  readonly ignore?: readonly string[]
  readonly limits?: Partial<JsonLimits>
}

/**
 * Plain numbers, and JSON objects with a metric in each field. Nested fields get a flattened name, as in
 * `motor.current`. On a topic that names a metric, the field `value` is that metric and other fields are
 * named after it. A top-level field `ts`, `time` or `timestamp` is the event time, read by `timestamp`;
 * without one it is the arrival. true and false are 1 and 0, null is no measurement.
 */
export const json = ({ topics = readingTopics, ignore = [], limits: given }: JsonOptions = {}): Format => {
  const templates = topics.map(topicTemplate)
  const limits = { ...jsonLimits, ...given }
  const ignored = new Set(ignore)

  const routeOf = (topic: string): Route | undefined => {
    for (const template of templates) {
      const found = template.match(topic)
      if (found) return found
    }
    return undefined
  }

  const numberFault = (name: string, value: number): string | undefined =>
    Math.abs(value) <= limits.magnitude
      ? undefined
      : `${name} is ${value}: send a finite number of at most ${limits.magnitude} in magnitude`

  const readObject = ({ device, metric }: Route, object: object, arrival: number): Interpretation => {
    const readings: Reading[] = []
    const faults: string[] = []
    const stamp = stampOf(object)
    const time = stamp ? timestamp(stamp.value, arrival) : arrival
    if (time === undefined)
      return refused(
        `field "${stamp!.field}" is ${excerpt(stamp!.value)}: send a time in s, ms, µs, ns or ISO 8601`,
      )

    const excess = flatten(object, limits, (path, value) => {
      if (path === stamp?.field || ignored.has(path) || value === null) return
      const name = metric === undefined ? path : path === 'value' ? metric : `${metric}.${path}`
      const number = typeof value === 'boolean' ? Number(value) : value
      const fault =
        typeof number === 'number'
          ? (nameFault(name, limits) ?? numberFault(`field ${excerpt(path)}`, number))
          : `field ${excerpt(path)} is ${excerpt(value)}: send a number, or name the field in json({ ignore })`
      if (fault === undefined) readings.push({ device, metric: name, value: number as number, time })
      else faults.push(fault)
    })
    if (excess !== undefined) return refused(excess)
    if (readings.length === 0 && faults.length === 0)
      faults.push('the object has no metric: send at least one number')
    return { readings, faults }
  }

  const readNumber = (
    { device, metric }: Route,
    topic: string,
    value: number,
    time: number,
  ): Interpretation => {
    if (metric === undefined)
      return refused(
        `topic ${excerpt(topic)} names no metric for the number ${value}: publish to v1/{device}/{metric}`,
      )
    const fault = numberFault('the payload', value)
    return fault === undefined
      ? { readings: [{ device, metric, value, time }], faults: none }
      : refused(fault)
  }

  return {
    on(topic): PayloadReader {
      const route = routeOf(topic)
      if (!route) {
        const refusal = `topic ${excerpt(topic)} matches none of ${topics.join(', ')}: publish to one of them`
        return () => refused(refusal)
      }
      return (payload, arrival) => {
        const value = plainNumber(payload)
        if (value !== undefined) return readNumber(route, topic, value, arrival)
        const parsed = parseObject(payload)
        return typeof parsed === 'string' ? refused(parsed) : readObject(route, parsed, arrival)
      }
    },
  }
}

const none: readonly never[] = []
const refused = (fault: string): Interpretation => ({ readings: none, faults: [fault] })

const stampFields = ['ts', 'time', 'timestamp'] as const

const stampOf = (object: object): { field: string; value: unknown } | undefined => {
  for (const field of stampFields)
    if (Object.hasOwn(object, field)) return { field, value: (object as Record<string, unknown>)[field] }
  return undefined
}

/** A lone surrogate has no bytes of its own, so two such names could become one on their way. */
const nameFault = (name: string, { nameLength }: JsonLimits): string | undefined =>
  name === '' || name.length > nameLength || /\p{Surrogate}/u.test(name)
    ? `metric name ${excerpt(name)} is empty, ill-formed or longer than ${nameLength} characters: rename the field`
    : undefined

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The object a payload holds, or what is wrong with it. */
const parseObject = (payload: Uint8Array): object | string => {
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
