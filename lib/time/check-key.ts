/** Characters of a device-chosen key at the most. */
export const longestKey = 256
/**
 * Characters of a stage's or step's name at the most. With two keys of the longest they fit a key of the
 * store.
 */
export const longestName = 64

/** Throws unless `key` can name an actor or a part of its state. `what` says in words what it is a key of. */
export function checkKey(what: string, key: unknown): asserts key is string {
  if (!isText(key, longestKey)) throw refusal(`The key of the ${what}`, key, longestKey)
}

/** Throws unless `name` can name a stage, a step or an output tag. */
export function checkName(what: string, name: unknown): asserts name is string {
  if (!isText(name, longestName)) throw refusal(`The name of the ${what}`, name, longestName)
}

const isText = (text: unknown, longest: number): text is string =>
  typeof text === 'string' && text.length > 0 && text.length <= longest && text.isWellFormed()

function refusal(what: string, text: unknown, longest: number): Error {
  if (typeof text !== 'string') {
    return new Error(`${what} is ${String(text)}, of type ${typeof text}: it must be a string`)
  }
  if (text.length === 0) return new Error(`${what} is empty: it must have at least 1 character`)
  if (text.length <= longest) {
    return new Error(
      `${what} is ${JSON.stringify(text)}: it has half a surrogate pair, which no UTF-8 can carry`,
    )
  }
  const start = text.slice(0, 40)
  return new Error(`${what} has ${text.length} characters ("${start}…"): ${longest} are allowed, shorten it`)
}
