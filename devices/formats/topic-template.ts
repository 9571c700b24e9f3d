/** What the levels of a topic name. */
export interface Route {
  readonly device: string
  /** Undefined when the template has no level for it: the payload then names its metrics. */
  readonly metric: string | undefined
}

/** A topic with names in it. */
export interface TopicTemplate {
  readonly template: string
  /** What `topic` names, or undefined when it has another shape or an empty level. */
  match(topic: string): Route | undefined
}

/**
 * Reads names out of topics: `topicTemplate('v1/{device}/{metric}')`. A level in braces matches any one
 * level; `{device}` is required, `{metric}` is optional, any other name is a level that does not matter.
 * @throws RangeError when the template has no `{device}` or a wildcard.
 */
export const topicTemplate = (template: string): TopicTemplate => {
  const levels = template.split('/')
  const names = levels.map((level) => /^\{(\w+)\}$/.exec(level)?.[1])
  const device = names.indexOf('device')
  const metric = names.indexOf('metric')
  if (device < 0 || /[+#]/.test(template))
    throw new RangeError(
      `topic template "${template}" needs a level {device} and no wildcard, as in v1/{device}`,
    )
  const fixed = levels.map((level, place) => (names[place] === undefined ? level : undefined))

  const match = (topic: string): Route | undefined => {
    const found = { device: '', metric: undefined as string | undefined }
    let start = 0
    for (let place = 0; place < fixed.length; place++) {
      const slash = topic.indexOf('/', start)
      const last = place === fixed.length - 1
      if (last !== slash < 0) return undefined
      const end = last ? topic.length : slash
      const literal = fixed[place]
      if (literal === undefined) {
        if (end === start) return undefined
        if (place === device) found.device = topic.slice(start, end)
        else if (place === metric) found.metric = topic.slice(start, end)
      } else if (end - start !== literal.length || !topic.startsWith(literal, start)) return undefined
      start = end + 1
    }
    return found
  }
  return { template, match }
}
