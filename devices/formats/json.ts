import { readingTopics } from '../wire/reading-topic.ts'
import { excerpt } from './excerpt.ts'
import { type Format, refused } from './format.ts'
import { type JsonLimits, jsonLimits } from './json-limits.ts'
import { JsonTopic } from './json-topic.ts'
import { topicTemplate } from './topic-template.ts'

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
export const json = ({ topics = readingTopics, ignore = [], limits }: JsonOptions = {}): Format => {
  const templates = topics.map(topicTemplate)
  const rules = { limits: { ...jsonLimits, ...limits }, ignored: new Set(ignore) }
  return {
    on(topic) {
      for (const template of templates) {
        const route = template.match(topic)
        if (route) return new JsonTopic(topic, route, rules)
      }
      const unknown = refused(
        'unknown topic',
        `topic ${excerpt(topic)} matches none of ${topics.join(', ')}: publish to one of them`,
      )
      return { read: () => unknown }
    },
  }
}
