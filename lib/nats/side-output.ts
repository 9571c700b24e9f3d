import type { Aside, AsideKind } from '../actors/delivery.ts'
import { subjectToken } from './subject-token.ts'
import type { SubjectOf } from './subject-under.ts'

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
 * `undelivered.<stream>.<key>`: the dead letter of an output that the stream itself refused. It takes the
 * output's place in that stream, so it cannot go where other dead letters go.
 */
export const undeliveredSubject = (stream: string): SubjectOf<SideOutput> =>
  Object.assign(({ key }: SideOutput): string => `undelivered.${stream}.${subjectToken(key)}`, {
    patterns: [`undelivered.${stream}.>`],
  })

export const defaultSideTypes: Readonly<Record<AsideKind, string>> = {
  late: 'dev.tidemark.late.v1',
  quarantined: 'dev.tidemark.quarantined.v1',
  dead: 'dev.tidemark.dead.v1',
}
