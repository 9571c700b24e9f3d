import { excerpt } from './excerpt.ts'
import type { Fault } from './format.ts'
import type { JsonLimits } from './json-limits.ts'
import { tooManyFields } from './structure-fault.ts'

/** Receives one leaf of a JSON object, and the names on the way to it, joined with ".". */
export type OnLeaf = (path: string, value: unknown) => void

/**
 * Calls `onLeaf` for every field that holds no object. An object whose path is already longer than a name
 * may be counts as a leaf. Returns what is wrong when the object exceeds the limits; `onLeaf` was called
 * for the leaves before that.
 */
export const flatten = (object: object, limits: JsonLimits, onLeaf: OnLeaf): Fault | undefined => {
  let keys = 0
  const walk = (node: object, prefix: string, depth: number): Fault | undefined => {
    if (depth > limits.depth)
      return {
        kind: 'nested too deep',
        message: `field ${excerpt(prefix)} is nested deeper than ${limits.depth} objects: flatten it`,
      }
    for (const [key, value] of Object.entries(node)) {
      if (++keys > limits.keys) return tooManyFields(limits.keys)
      const path = prefix === '' ? key : `${prefix}.${key}`
      const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value)
      if (isLeaf || path.length > limits.nameLength) onLeaf(path, value)
      else {
        const excess = walk(value, path, depth + 1)
        if (excess !== undefined) return excess
      }
    }
    return undefined
  }
  return walk(object, '', 1)
}
