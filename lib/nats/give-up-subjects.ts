import type { JetStreamManager } from '@nats-io/jetstream'
import { isMissing } from './jetstream-errors.ts'

/** A stream that took subjects in an earlier version and has to give them up to a stream of their own. */
export interface FormerTaker {
  readonly name: string
  /** All that it takes without them. */
  readonly subjects: readonly string[]
  /** False while rows are to be published to it that an earlier version wrote with one of these subjects. */
  readonly isFree: () => boolean
}

/** Whether no other subjects were chosen for a stream than those it is made with. A mirror takes none. */
export const isOurs = (present: readonly string[], known: readonly string[]): boolean =>
  present.length > 0 && present.every((subject) => known.includes(subject))

/**
 * Removes `subjects` from the stream that took them; the messages that it holds stay. Resolves with undefined
 * when that is done, else with the reason and the remedy. Rejects while rows wait for the stream.
 */
export const giveUpSubjects = async (
  manager: JetStreamManager,
  { name, subjects: kept, isFree }: FormerTaker,
  subjects: readonly string[],
): Promise<string | undefined> => {
  const info = await manager.streams.info(name).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    return undefined
  })
  const present = info?.config.subjects ?? []
  if (!present.some((subject) => subjects.includes(subject)))
    return 'Edit the subjects of that stream to change it'
  const remaining = [...new Set([...present.filter((subject) => !subjects.includes(subject)), ...kept])]
  const remedy = `nats stream edit ${name} --subjects '${remaining.join(',')}'`
  if (!isOurs(present, [...kept, ...subjects])) {
    return `Stream "${name}" takes subjects of its own, and is left as it is. To change it: ${remedy}`
  }
  if (!isFree()) {
    throw new Error(`what an earlier version rejected is still to be published to stream "${name}"`)
  }
  try {
    await manager.streams.update(name, { subjects: remaining })
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    return `Stream "${name}" could not give them up: ${reason}. To change it: ${remedy}`
  }
}
