/** MQTT topics on which readings are published: one metric each, or a JSON object of several. */
export const readingTopics = ['v1/{device}/{metric}', 'v1/{device}'] as const

/**
 * The topic of one metric of a device, `v1/press-7/temperature`; of all its metrics without `metric`.
 * @throws RangeError when a name cannot be a level of a topic.
 */
export const readingTopic = (device: string, metric?: string): string =>
  metric === undefined
    ? `v1/${level('device', device)}`
    : `v1/${level('device', device)}/${level('metric', metric)}`

const level = (role: string, name: string): string => {
  if (name !== '' && !/[/+#\p{Cc}\p{Surrogate}]/u.test(name)) return name
  throw new RangeError(
    `${role} ${JSON.stringify(name)} cannot be a level of an MQTT topic: name it without "/", "+", "#" and control characters, and not empty`,
  )
}
