import type { Versioned } from './processor.ts'

/**
 * Which shape a saved state has: the version of its processor. A composition has a version of its own, nearly
 * always 1, followed by those of its parts, so that each part is migrated by itself.
 */
export type StateVersion = number | readonly StateVersion[]

/** The version of the states that `processor` makes. One that keeps a state a sub-key says that of each. */
export const versionOf = (processor: Versioned): StateVersion => {
  const known = versions.get(processor)
  if (known !== undefined) return known
  const version = findVersion(processor)
  versions.set(processor, version)
  return version
}

/** Asked for with every state that is saved or restored, and the same for as long as the processor lives. */
const versions = new WeakMap<Versioned, StateVersion>()

const findVersion = (processor: Versioned): StateVersion => {
  const { version = 1, parts } = processor
  const each = eachOf(processor)
  if (each) return versionOf(each)
  return parts ? [version, ...parts.map(versionOf)] : version
}

/** Whether some part of `processor` keeps a state for each sub-key, which its version does not say. */
export const keepsSubkeys = (processor: Versioned): boolean => {
  const known = keeping.get(processor)
  if (known !== undefined) return known
  const keeps = eachOf(processor) !== undefined || (processor.parts?.some(keepsSubkeys) ?? false)
  keeping.set(processor, keeps)
  return keeps
}

const keeping = new WeakMap<Versioned, boolean>()

export const isSameVersion = (one: StateVersion, other: StateVersion): boolean => {
  if (typeof one === 'number' || typeof other === 'number') return one === other
  return one.length === other.length && one.every((part, place) => isSameVersion(part, other[place]!))
}

/** What a processor that keeps one state for each sub-key keeps for each. */
export const eachOf = (processor: Versioned): Versioned | undefined =>
  'each' in processor ? (processor.each as Versioned) : undefined

/** `3`, or `1 (2, 1)` for a composition at version 1 of parts at versions 2 and 1. */
export const versionInWords = (version: StateVersion): string => {
  if (typeof version === 'number') return String(version)
  const [own, ...parts] = version
  return `${own} (${parts.map(versionInWords).join(', ')})`
}
