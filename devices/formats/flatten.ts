import { excerpt } from './excerpt.ts'
import type { JsonLimits } from './json-limits.ts'

/** Names its path while it goes: one leaf of a JSON object. */
export type OnLeaf = (path: string, value: unknown) => void

/**
 * Calls `onLeaf` for every field that holds no object, its path joined with ".". Returns what is wrong
 * when the object exceeds the limits; leaves seen until then have been reported.
 */
export const flatten = (object: object, limits: JsonLimits, onLeaf: OnLeaf): string | undefined => {
  let keys = 0
  const walk = (node: object, prefix: string, depth: number): string | undefined => {
    if (depth > limits.depth)
      return `field ${excerpt(prefix)} is nested deeper than ${limits.depth} objects: flatten it`
    for (const [key, value] of Object.entries(node)) {
      if (++keys > limits.keys)
        return `the object has more than ${limits.keys} fields: split it over several publishes`
      const path = prefix === '' ? key : `${prefix}.${key}`
      if (typeof value !== 'object' || value === null || Array.isArray(value)) onLeaf(path, value)
      else {
        const excess = walk(value, path, depth + 1)
        if (excess !== undefined) return excess
      }
    }
    return undefined
  }
  return walk(object, '', 1)
}
