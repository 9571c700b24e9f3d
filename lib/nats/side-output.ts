import type { Aside, AsideKind } from '../actors/delivery.ts'
import type { StreamOptions } from './stream-options.ts'
import { subjectToken } from './subject-token.ts'
import { type SubjectOf, subjectUnder } from './subject-under.ts'

/** Something that left the main path, and where it did. */
export interface SideOutput extends Aside {
  /** The actor's key, empty for what could not be read at the source. */
  readonly key: string
}

/** `late.<key>`, `quarantined.<key>` and `dead.<key>`. */
export const defaultSideSubject: SubjectOf<SideOutput> = Object.assign(
  ({ kind, key }: SideOutput): string => `${kind}.${subjectToken(key)}`,
  { patterns: ['late.>', 'quarantined.>', 'dead.>'] },
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

export const defaultSideTypes: Readonly<Record<AsideKind, string>> = {
  late: 'dev.tidemark.late.v1',
  quarantined: 'dev.tidemark.quarantined.v1',
  dead: 'dev.tidemark.dead.v1',
}
