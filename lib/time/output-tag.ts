import { checkName } from './check-key.ts'
import type { Timed } from './timed.ts'

declare const valueType: unique symbol

/**
 * Names a side output and the type of its values. The name is what sinks and stores keep, so it is the
 * identity: two tags of one name are one side output, and must be of one type. Declare a tag once, and import
 * it where it is used.
 */
export interface OutputTag<T> {
  readonly name: string
  /** For the compiler only: a tag takes values of its own type and no others. */
  readonly [valueType]?: (value: T) => T
}

/** What a stage rejects, by the reason. */
export type RejectedKind = 'late' | 'quarantined' | 'dead'

/** A built-in tag, for values that were rejected. */
export interface RejectedTag<T, Kind extends RejectedKind = RejectedKind> extends OutputTag<T> {
  readonly name: Kind
  readonly rejected: Kind
}

const tag = <T>(name: string): OutputTag<T> => Object.freeze({ name })

const rejectedTag = <T, Kind extends RejectedKind>(name: Kind): RejectedTag<T, Kind> =>
  Object.freeze({ name, rejected: name })

/** Events that came after their time. */
export const late: RejectedTag<Timed, 'late'> = rejectedTag('late')
/** Events whose time cannot be trusted. */
export const quarantined: RejectedTag<Timed, 'quarantined'> = rejectedTag('quarantined')
/** What could not be handled: unreadable input, and events on which a behavior threw. */
export const dead: RejectedTag<unknown, 'dead'> = rejectedTag('dead')

const builtIn: ReadonlySet<string> = new Set([late.name, quarantined.name, dead.name])

/** Whether `name` is that of a tag which every stage has: late, quarantined or dead. */
export const isBuiltInTag = (name: string): name is RejectedKind => builtIn.has(name)

/**
 * A side output of your own: `const suspicious = outputTag<Payment>('suspicious')`, and in a processor
 * `out.to(suspicious, payment)`. Throws for a name that no step could have, and for one of the built-in tags.
 */
export const outputTag = <T>(name: string): OutputTag<T> => {
  checkName('output tag', name)
  if (isBuiltInTag(name)) {
    throw new Error(`The output tag "${name}" is built in: import it from tidemark, or choose another name`)
  }
  return tag(name)
}
