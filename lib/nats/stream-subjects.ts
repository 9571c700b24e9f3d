import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { coversSubject } from './covers-subject.ts'
import type { OwnConfig } from './stream-options.ts'

export interface SubjectsAdded {
  readonly info: StreamInfo
  /** What became of subjects that it lacked, in words; undefined when it lacks none. */
  readonly said: string | undefined
}

/**
 * Adds to a stream the subjects it lacks, and leaves everything else of it as it is. One that takes other
 * subjects than these was made by somebody who chose them, and is not touched unless `asked` is true. Does
 * not reject when the server refuses: what the stream takes goes on.
 */
export const addSubjects = async (
  manager: JetStreamManager,
  info: StreamInfo,
  { name, subjects }: OwnConfig,
  asked?: boolean,
): Promise<SubjectsAdded> => {
  const present = info.config.subjects ?? []
  const lacking = subjects.filter((subject) => !present.some((wide) => coversSubject(wide, subject)))
  if (lacking.length === 0) return { info, said: undefined }
  const wanted = [...present.filter((old) => !lacking.some((wide) => coversSubject(wide, old))), ...lacking]
  const remedy = `nats stream edit ${name} --subjects '${wanted.join(',')}'`
  const without = `lacks the subjects ${lacking.join(', ')}; what goes there becomes a dead letter`
  if (!(asked ?? isOurs(present, subjects))) {
    const why =
      asked === false ? 'It is not to be changed' : 'It takes subjects of its own, and is left as it is'
    return { info, said: `${without}. ${why}: add them with ${remedy}` }
  }
  try {
    const updated = await manager.streams.update(name, { subjects: wanted })
    return { info: updated, said: `lacked the subjects ${lacking.join(', ')}: they were added` }
  } catch (error) {
    const why = isOverlap(error)
      ? `they overlap with ${await takersOf(manager, { name, subjects: lacking })}. ` +
        'Delete that stream or edit its subjects, and they are added'
      : `${error instanceof Error ? error.message : error}. Add them with ${remedy}`
    return { info, said: `${without}. They could not be added: ${why}` }
  }
}

/** Made by a version of before, which asked for fewer. A mirror takes none. */
const isOurs = (present: readonly string[], subjects: readonly string[]): boolean =>
  present.length > 0 && present.every((subject) => subjects.includes(subject))

/** JetStream's code for subjects that another stream takes already. */
export const isOverlap = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 10065

/** The streams that take these subjects, and which of them, in words. */
export const takersOf = async (
  manager: JetStreamManager,
  { name, subjects }: Pick<OwnConfig, 'name' | 'subjects'>,
): Promise<string> => {
  const taken: string[] = []
  for (const subject of subjects) {
    const names = await manager.streams
      .names(subject)
      .next()
      .catch(() => [])
    for (const other of names) if (other !== name) taken.push(`stream "${other}" (${subject})`)
  }
  return taken.length > 0 ? taken.join(', ') : 'another stream'
}
