import type { Reading } from '../wire/reading.ts'
import { timestamp } from '../wire/timestamp.ts'
import { excerpt } from './excerpt.ts'
import { FaultList } from './fault-list.ts'
import { flatten } from './flatten.ts'
import { type Fault, type Interpretation, refused, type TopicReader } from './format.ts'
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
  readonly device: string
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
    const parsed = parseObject(payload, this.rules.limits)
    return 'kind' in parsed ? { readings: [], faults: [parsed] } : this.readObject(parsed.object, arrival)
  }

  private readNumber(value: number, time: number): Interpretation {
    const { device, metric } = this
    if (metric === undefined)
      return refused(
        'topic without a metric',
        `topic ${excerpt(this.topic)} names no metric for the number ${value}: publish to v1/{device}/{metric}`,
      )
    if (!this.isInRange(value)) return refused('payload out of range', this.outOfRange('the payload', value))
    return { readings: [{ device, metric, value, time }], faults: none }
  }

  private readObject(object: object, arrival: number): Interpretation {
    const { device, metric, rules } = this
    const stamp = stampOf(object)
    const time = stamp ? timestamp(stamp.value, arrival) : arrival
    if (time === undefined)
      return refused(
        `field "${stamp!.field}" not a time`,
        `field "${stamp!.field}" is ${excerpt(stamp!.value)}: send a time in s, ms, µs, ns or ISO 8601`,
      )

    const readings: Reading[] = []
    const faults = new FaultList()
    const excess = flatten(object, rules.limits, (path, value) => {
      if (path === stamp?.field || rules.ignored.has(path) || value === null) return
      const name = metric === undefined ? path : path === 'value' ? metric : `${metric}.${path}`
      const number = typeof value === 'boolean' ? Number(value) : value
      if (isName(name, rules.limits) && typeof number === 'number' && this.isInRange(number))
        readings.push({ device, metric: name, value: number, time })
      else faults.add(() => this.faultOf(path, name, number))
    })
    if (excess !== undefined) return { readings: [], faults: [excess] }
    if (readings.length === 0 && faults.length === 0)
      return refused('no metric', 'the object has no metric: send at least one number')
    return { readings, faults: faults.all() }
  }

  private faultOf(path: string, name: string, value: unknown): Fault {
    const field = `field ${excerpt(path)}`
    if (!isName(name, this.rules.limits)) return nameFault(name, this.rules.limits)
    if (typeof value !== 'number')
      return {
        kind: `${field} not a number`,
        message: `${field} is ${excerpt(value)}: send a number, or name the field in json({ ignore })`,
      }
    return { kind: `${field} out of range`, message: this.outOfRange(field, value) }
  }

  private isInRange(value: number): boolean {
    return Math.abs(value) <= this.rules.limits.magnitude
  }

  private outOfRange(name: string, value: number): string {
    return `${name} is ${value}: send a finite number of at most ${this.rules.limits.magnitude} in magnitude`
  }
}

const none: readonly never[] = []

/** A lone surrogate has no bytes of its own, so two such names could become one on their way. */
const isName = (name: string, { nameLength }: JsonLimits): boolean =>
  name !== '' && name.length <= nameLength && name.isWellFormed()

const nameFault = (name: string, { nameLength }: JsonLimits): Fault => ({
  kind: `metric name ${excerpt(name)} not allowed`,
  message: `metric name ${excerpt(name)} is empty, ill-formed or longer than ${nameLength} characters: rename the field`,
})
