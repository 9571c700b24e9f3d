import { subjectToken } from './subject-token.ts'

/** Gives each value its subject. With `patterns`, a stream can be made that takes all of them. */
export interface SubjectOf<T> {
  (value: T): string
  /** All subjects this function returns, as wildcards such as `alarm.>`. */
  readonly patterns?: readonly string[]
}

/**
 * Subjects below `prefix`, one encoded token for each name:
 * `subjectUnder('alarm', (alarm) => [alarm.pump, alarm.part])` gives `alarm.pump-7.seal`.
 */
export const subjectUnder = <T>(prefix: string, names: (value: T) => readonly string[]): SubjectOf<T> => {
  if (!isSubject(prefix)) {
    throw new Error(
      `subject prefix ${JSON.stringify(prefix)} is no NATS subject: use tokens joined by dots, no wildcards`,
    )
  }
  const subject = (value: T): string => {
    let path = prefix
    for (const name of names(value)) path += `.${subjectToken(name)}`
    return path
  }
  return Object.assign(subject, { patterns: [`${prefix}.>`] })
}

/** Longest subject published to. The server closes the connection on control lines above 4,096 bytes. */
export const longestSubject = 1_024

/** Whether `subject` can be published to literally: printable ASCII, no wildcard, no empty token. */
export const isSubject = (subject: string): boolean =>
  subject.length <= longestSubject && literal.test(subject)

const literal = /^[!-)+,\-/-=?-~]+(?:\.[!-)+,\-/-=?-~]+)*$/
