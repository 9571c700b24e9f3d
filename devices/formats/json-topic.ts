import type { Reading } from '../wire/reading.ts'
import { timestamp } from '../wire/timestamp.ts'
import { excerpt } from './excerpt.ts'
import { flatten } from './flatten.ts'
import { type Interpretation, refused, type TopicReader } from './format.ts'
import type { JsonLimits } from './json-limits.ts'
import { parseObject, stampOf } from './json-object.ts'
import { plainNumber } from './plain-number.ts'
import type { Route } from './topic-template.ts'

/** What holds for every topic of a format. */
export interface JsonRules {
  readonly limits: JsonLimits
  /** Fields that are no metrics and no mistake. */
  readonly ignored: ReadonlySet<string>
}

/** Reads the plain numbers and the JSON objects that are published on one topic. */
export class JsonTopic implements TopicReader {
  private readonly device: string
  private readonly metric: string | undefined
  private readonly topic: string
  private readonly rules: JsonRules

  constructor(topic: string, { device, metric }: Route, rules: JsonRules) {
    this.device = device
    this.metric = metric
    this.topic = topic
    this.rules = rules
  }

  read(payload: Uint8Array, arrival: number): Interpretation {
    const value = plainNumber(payload)
    if (value !== undefined) return this.readNumber(value, arrival)
    const parsed = parseObject(payload)
    return typeof parsed === 'string' ? refused(parsed) : this.readObject(parsed, arrival)
  }

  private readNumber(value: number, time: number): Interpretation {
    const { device, metric } = this
    if (metric === undefined)
      return refused(
        `topic ${excerpt(this.topic)} names no metric for the number ${value}: publish to v1/{device}/{metric}`,
      )
    const fault = this.numberFault('the payload', value)
    return fault === undefined
      ? { readings: [{ device, metric, value, time }], faults: none }
      : refused(fault)
  }

  private readObject(object: object, arrival: number): Interpretation {
    const { device, metric, rules } = this
    const readings: Reading[] = []
    const faults: string[] = []
    const stamp = stampOf(object)
    const time = stamp ? timestamp(stamp.value, arrival) : arrival
    if (time === undefined)
      return refused(
        `field "${stamp!.field}" is ${excerpt(stamp!.value)}: send a time in s, ms, µs, ns or ISO 8601`,
      )

    const excess = flatten(object, rules.limits, (path, value) => {
      if (path === stamp?.field || rules.ignored.has(path) || value === null) return
      const name = metric === undefined ? path : path === 'value' ? metric : `${metric}.${path}`
      const number = typeof value === 'boolean' ? Number(value) : value
      const fault =
        typeof number === 'number'
          ? (nameFault(name, rules.limits) ?? this.numberFault(`field ${excerpt(path)}`, number))
          : `field ${excerpt(path)} is ${excerpt(value)}: send a number, or name the field in json({ ignore })`
      if (fault === undefined) readings.push({ device, metric: name, value: number as number, time })
      else faults.push(fault)
    })
    if (excess !== undefined) return refused(excess)
    if (readings.length === 0 && faults.length === 0)
      faults.push('the object has no metric: send at least one number')
    return { readings, faults }
  }

  private numberFault(name: string, value: number): string | undefined {
    const { magnitude } = this.rules.limits
    return Math.abs(value) <= magnitude
      ? undefined
      : `${name} is ${value}: send a finite number of at most ${magnitude} in magnitude`
  }
}

const none: readonly never[] = []

/** A lone surrogate has no bytes of its own, so two such names could become one on their way. */
const nameFault = (name: string, { nameLength }: JsonLimits): string | undefined =>
  name === '' || name.length > nameLength || /\p{Surrogate}/u.test(name)
    ? `metric name ${excerpt(name)} is empty, ill-formed or longer than ${nameLength} characters: rename the field`
    : undefined
