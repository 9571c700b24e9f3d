import type { Aside } from '../actors/delivery.ts'
import { isBuiltInTag } from '../time/output-tag.ts'
import type { StreamOptions } from './stream-options.ts'
import { subjectToken } from './subject-token.ts'
import { type SubjectOf, subjectUnder } from './subject-under.ts'

/** What was sent to an output tag, and where. */
export interface SideOutput extends Aside {
  /** The actor's key, empty for what could not be read at the source. */
  readonly key: string
}

/**
 * `late.<key>`, `quarantined.<key>` and `dead.<key>`; `side.<tag>.<key>` for a tag of the application. So the
 * subjects of a stream are known before the tags are, and no value of a tag is without one.
 */
export const defaultSideSubject: SubjectOf<SideOutput> = Object.assign(
  ({ tag, key }: SideOutput): string =>
    `${isBuiltInTag(tag) ? tag : `side.${subjectToken(tag)}`}.${subjectToken(key)}`,
  { patterns: ['late.>', 'quarantined.>', 'dead.>', 'side.>'] },
)

/**
 * `undelivered.<stream>.<key>`, or `undelivered.<key>` in a namespaced stream: the dead letter of an output
 * that the stream itself refused. It takes the output's place in that stream, so it cannot go where other
 * dead letters go.
 */
export const undeliveredSubject = ({
  name,
  namespaced = false,
}: Pick<StreamOptions, 'name' | 'namespaced'>): SubjectOf<SideOutput> => {
  const prefix = namespaced ? 'undelivered' : `undelivered.${name}`
  return subjectUnder(prefix, ({ key }: SideOutput) => [key])
}

/** `dev.tidemark.late.v1`, `.quarantined.v1`, `.dead.v1`; `dev.tidemark.side.v1` for any other tag. */
export const defaultSideType = (tag: string): string => `dev.tidemark.${isBuiltInTag(tag) ? tag : 'side'}.v1`
