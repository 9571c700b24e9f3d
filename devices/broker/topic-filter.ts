/** Whether an MQTT topic filter takes `topic`: `+` stands for one level, `#` for all that follow. */
export const matchesFilter = (filter: string, topic: string): boolean => {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  const levels = topic.split('/')
  const wanted = filter.split('/')
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false
  }
  return wanted.length === levels.length
}

/** What is wrong with a topic filter, in words, or undefined. */
export const filterFault = (filter: string): string | undefined => {
  const levels = filter.split('/')
  const isOff = (level: string, at: number): boolean =>
    level === '#' ? at < levels.length - 1 : level !== '+' && /[+#]/.test(level)
  if (filter !== '' && !levels.some(isOff)) return undefined
  return `${JSON.stringify(filter)} is no topic filter: give levels such as v1/+/status, with "#" only at the end`
}
