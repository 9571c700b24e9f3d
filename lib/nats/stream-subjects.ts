import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { coversSubject } from './covers-subject.ts'
import { type FormerTaker, giveUpSubjects, isOurs } from './give-up-subjects.ts'
import { isMissing, isOverlap } from './jetstream-errors.ts'
import type { OwnConfig } from './stream-options.ts'

export interface StreamSubjects {
  readonly info: StreamInfo
  /** The stream did not exist and was made. */
  readonly made: boolean
  /** What became of subjects that it lacked, in words; undefined when it lacks none. */
  readonly said: string | undefined
}

export interface SubjectRules {
  /** Whether subjects are added to a stream that exists; unless given, when it takes none but those known. */
  readonly add?: boolean | undefined
  /** Subjects that it takes besides when an earlier version made it. */
  readonly former?: readonly string[] | undefined
  /** Subjects that an earlier version gave it, and that are removed when others are added. */
  readonly obsolete?: readonly string[] | undefined
  /** The stream that took the subjects in an earlier version, and can give them up. */
  readonly taker?: FormerTaker | undefined
}

/**
 * Makes a stream that is missing, and adds to one that exists the subjects it lacks; everything else of it
 * stays as it is. A stream that takes other subjects than these was made by somebody who chose them, and is
 * not touched unless `add` is true. Rejects when the stream cannot be made.
 */
export const ensureStream = async (
  manager: JetStreamManager,
  config: OwnConfig,
  rules: SubjectRules,
): Promise<StreamSubjects> => {
  const info = await manager.streams.info(config.name).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    return undefined
  })
  return info ? addSubjects(manager, info, config, rules) : makeStream(manager, config, rules)
}

export const takesSubject = ({ config }: StreamInfo, subject: string): boolean =>
  isCovered(subject, config.subjects ?? [])

/** What has to go before each of `subjects` for the stream to take it. */
export const prefixFor = ({ name, subjects }: OwnConfig, { config }: StreamInfo): string => {
  const present = config.subjects ?? []
  const isBelow = present.includes(subjectsBelow(name)) && !subjects.every((each) => isCovered(each, present))
  return isBelow ? `${name}.` : ''
}

/** What a stream takes while its own subjects belong to another stream: the same ones below its own name. */
const subjectsBelow = (stream: string): string => `${stream}.>`

async function makeStream(
  manager: JetStreamManager,
  config: OwnConfig,
  { taker }: SubjectRules,
): Promise<StreamSubjects> {
  const make = (subjects: string[]) => manager.streams.add({ ...config, subjects })
  try {
    return { info: await make(config.subjects), made: true, said: undefined }
  } catch (error) {
    if (!isOverlap(error)) throw error
    const taken = await takersOf(manager, config)
    if (!taker) {
      throw new Error(
        `stream "${config.name}" cannot be made: its subjects overlap with ${taken}. ` +
          'Delete that stream, edit its subjects, or give this one others',
      )
    }
    const why = await giveUpSubjects(manager, taker, config.subjects)
    if (why === undefined) {
      return { info: await make(config.subjects), made: true, said: tookOver(config, taker) }
    }
    const info = await make([subjectsBelow(config.name)])
    return { info, made: true, said: `${elsewhere(config, taken)}. ${why}` }
  }
}

async function addSubjects(
  manager: JetStreamManager,
  info: StreamInfo,
  { name, subjects }: OwnConfig,
  { add, former = [], obsolete = [], taker }: SubjectRules,
): Promise<StreamSubjects> {
  const made = false
  const present = info.config.subjects ?? []
  const lacking = subjects.filter((subject) => !isCovered(subject, present))
  if (lacking.length === 0) return { info, made, said: undefined }
  const kept = present.filter((old) => !isCovered(old, lacking) && !obsolete.includes(old))
  const wanted = [...kept, ...lacking]
  const remedy = `nats stream edit ${name} --subjects '${wanted.join(',')}'`
  const isBelow = present.includes(subjectsBelow(name))
  const without = isBelow
    ? elsewhere({ name, subjects: lacking }, 'another stream')
    : `lacks the subjects ${lacking.join(', ')}; what goes there becomes a dead letter`
  if (!(add ?? isOurs(present, [...subjects, ...former, ...obsolete, subjectsBelow(name)]))) {
    const why =
      add === false ? 'It is not to be changed' : 'It takes subjects of its own, and is left as it is'
    return { info, made, said: `${without}. ${why}: add them with ${remedy}` }
  }
  const update = () => manager.streams.update(name, { subjects: wanted })
  try {
    return { info: await update(), made, said: `lacked the subjects ${lacking.join(', ')}: they were added` }
  } catch (error) {
    if (!isOverlap(error)) {
      const reason = error instanceof Error ? error.message : error
      return { info, made, said: `${without}. They could not be added: ${reason}. Add them with ${remedy}` }
    }
    const why = taker ? await giveUpSubjects(manager, taker, lacking) : ''
    if (why === undefined)
      return { info: await update(), made, said: tookOver({ subjects: lacking }, taker!) }
    const taken = await takersOf(manager, { name, subjects: lacking })
    if (why && isBelow)
      return { info, made, said: `${elsewhere({ name, subjects: lacking }, taken)}. ${why}` }
    const advice = why || 'Delete that stream or edit its subjects, and they are added'
    return { info, made, said: `${without}. They could not be added: they overlap with ${taken}. ${advice}` }
  }
}

const isCovered = (subject: string, wide: readonly string[]): boolean =>
  wide.some((each) => coversSubject(each, subject))

const tookOver = ({ subjects }: Pick<OwnConfig, 'subjects'>, { name }: FormerTaker): string =>
  `takes the subjects ${subjects.join(', ')} from now on, which stream "${name}" took; what that one holds stays there`

const elsewhere = ({ name, subjects }: Pick<OwnConfig, 'name' | 'subjects'>, taken: string): string =>
  `cannot take ${subjects.join(', ')}, which belong to ${taken}: what goes there is published below "${name}." instead`

/** The streams that take these subjects, and which of them, in words. */
const takersOf = async (
  manager: JetStreamManager,
  { name, subjects }: Pick<OwnConfig, 'name' | 'subjects'>,
): Promise<string> => {
  const taken = new Map<string, string[]>()
  for (const subject of subjects) {
    const names = await manager.streams
      .names(subject)
      .next()
      .catch(() => [])
    for (const other of names) {
      if (other !== name) taken.set(other, [...(taken.get(other) ?? []), subject])
    }
  }
  const each = [...taken].map(([other, its]) => `stream "${other}" (${its.join(', ')})`)
  return each.length > 0 ? each.join(', ') : 'another stream'
}
