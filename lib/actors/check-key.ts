/** Characters of a key at the most: a row's name must fit into a key of the store. */
export const longestKey = 256

/** Throws unless `key` can name an actor or a part of its state. `what` says in words what it is a key of. */
export function checkKey(what: string, key: unknown): asserts key is string {
  if (typeof key !== 'string') {
    throw new Error(`The key of the ${what} is ${String(key)}, of type ${typeof key}: it must be a string`)
  }
  if (key.length === 0) throw new Error(`The key of the ${what} is empty: it must have at least 1 character`)
  if (key.length > longestKey) {
    const start = key.slice(0, 40)
    throw new Error(
      `The key of the ${what} has ${key.length} characters ("${start}…"): ${longestKey} are allowed, shorten it`,
    )
  }
}
