/** A value as it may stand in a message: quoted, control characters escaped, shortened. */
export const excerpt = (value: unknown): string => {
  const text = typeof value === 'bigint' || value === undefined ? String(value) : JSON.stringify(flat(value))
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

const longest = 80

/** Deep nesting would overflow the stack of `JSON.stringify`, so what has members is only named. */
const flat = (value: unknown): unknown => {
  if (Array.isArray(value)) return `array of ${value.length}`
  if (typeof value === 'object' && value !== null) return `object of ${Object.keys(value).length} fields`
  return typeof value === 'string' ? value.slice(0, longest + 1) : value
}
