import { defaultSideSubject, type SideOutput } from '../../lib/nats/side-output.ts'
import type { SubjectOf } from '../../lib/nats/subject-under.ts'
import { isObject, isText } from './field-types.ts'

/**
 * The device that a side output is about: the one whose actor put it out or, for a publish that could not be
 * read, the one that its topic names. Empty when neither is known.
 */
export const deviceOfSide = ({ key, value }: Pick<SideOutput, 'key' | 'value'>): string => {
  if (key !== '') return key
  return isObject(value) && isText(value['device']) ? value['device'] : ''
}

/** `late.<device>`, `quarantined.<device>` and `dead.<device>`; `dead.=` when the device is not known. */
export const sideSubject: SubjectOf<SideOutput> = Object.assign(
  (side: SideOutput): string => defaultSideSubject({ ...side, key: deviceOfSide(side) }),
  { patterns: defaultSideSubject.patterns ?? [] },
)
