import { coversSubject } from './covers-subject.ts'
import type { MessageOptions } from './message-writer.ts'
import { defaultSideSubject, undeliveredSubject } from './side-output.ts'
import type { StreamOptions } from './stream-options.ts'

export interface StreamChoice {
  /** The stream of the values, of which this sink is the only writer. Made if missing. Default `tidemark`. */
  readonly stream?: string | StreamOptions
  /**
   * The stream of side outputs, so that these cannot push values out of theirs. Default `<stream>-rejected`,
   * with at most 256 MiB; `namespaced` when `stream` is, or when that is not `tidemark` and `sideSubject` is
   * not given. False: all goes to `stream`, as it does when that one is given with `subjects` and this is not
   * given.
   */
  readonly rejected?: string | StreamOptions | false
}

/** The streams of a sink. */
export interface SinkStreams {
  readonly values: StreamOptions
  /** Undefined when they go to the stream of the values. */
  readonly rejected: StreamOptions | undefined
}

/** The stream of a sink that names none. */
export const defaultStream = 'tidemark'

/** Names the stream of rejected values beside that of values, and the outbox beside that of values. */
export const rejectedName = (name: string): string => `${name}-rejected`

/** Rejected values are looked at once, if ever: they get a quarter of what values get. */
const rejectedBytes = 256 * 2 ** 20

/** Which streams a sink needs, and which subjects each takes. */
export const sinkStreams = <Out>({
  stream = defaultStream,
  rejected,
  subject,
  sideSubject,
}: StreamChoice & Pick<MessageOptions<Out>, 'subject' | 'sideSubject'>): SinkStreams => {
  const given = asOptions(stream)
  const sides = (sideSubject ?? defaultSideSubject).patterns
  const apart = rejected ?? (given.subjects === undefined && sides !== undefined && rejectedName(given.name))
  if (apart === false) {
    const known = subject.patterns && sides ? [...subject.patterns, ...sides] : []
    return { values: { subjects: known, ...given }, rejected: undefined }
  }
  const wanted = given.subjects ?? subject.patterns
  const own = undeliveredSubject(given).patterns ?? []
  const options = asOptions(apart)
  const isShared = given.name !== defaultStream && sideSubject === undefined && !options.subjects
  return {
    values: { ...given, subjects: wanted ? [...wanted, ...uncovered(own, wanted)] : [] },
    rejected: {
      maxBytes: rejectedBytes,
      subjects: sides ?? [],
      namespaced: given.namespaced ?? isShared,
      ...options,
    },
  }
}

const asOptions = (stream: string | StreamOptions): StreamOptions =>
  typeof stream === 'string' ? { name: stream } : stream

/** Those of `subjects` that none of `wide` covers. */
const uncovered = (subjects: readonly string[], wide: readonly string[]): string[] =>
  subjects.filter((subject) => !wide.some((each) => coversSubject(each, subject)))
