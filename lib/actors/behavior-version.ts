import type { JournalTail } from '../state/journal-tail.ts'
import { decode, encode } from '../state/rows/codec.ts'
import type { Store } from '../state/store.ts'
import { versionInWords } from '../time/state-version.ts'
import type { GroupCommit } from './commit/group-commit.ts'
import { LookupStep } from './lookups/lookup-step.ts'
import type { Step } from './steps/step.ts'

/** A journal was left behind by another version of a behavior, and cannot be replayed by this one. */
export class JournalOfAnotherVersion extends Error {
  override readonly name = 'JournalOfAnotherVersion'
}

/** What decides how a journal is replayed. */
export interface BehaviorShape {
  readonly version: number
  readonly steps: readonly Step[]
  readonly values: readonly string[]
}

/**
 * Notes which version of the behavior writes the journal from now on: its number, the names, order and
 * versions of its durable steps and lookups, and the names of the values it may read. Throws
 * `JournalOfAnotherVersion` when the journal is not empty and was written by another.
 */
export function checkBehaviorVersion(
  { store, tail, commit }: { store: Store; tail: JournalTail; commit: GroupCommit },
  stage: string,
  shape: BehaviorShape,
): void {
  const now = describe(shape)
  const saved = store.readNote(noteName(stage))
  const before = saved && decode<string>(saved)
  if (before !== undefined && before !== now && tail.length > 0) {
    throw new JournalOfAnotherVersion(
      `The journal was left by another version of stage "${stage}" (${before}; this one is ${now}), and ` +
        'replaying it here would give other results. Run "tidemark drain" of the version that wrote it, or ' +
        'start your own program as it was and stop it cleanly: both empty the journal',
    )
  }
  if (before !== now) commit.note(noteName(stage), encode(now))
}

const noteName = (stage: string): string => `behavior of ${stage}`

function describe({ version, steps, values }: BehaviorShape): string {
  const names = steps.map((step) => {
    return `${step instanceof LookupStep ? 'lookup ' : ''}${step.name} v${versionInWords(step.version)}`
  })
  const given = values.length > 0 ? `, values ${[...values].sort().join(', ')}` : ''
  return `version ${version}, steps ${names.join(', ') || 'none'}${given}`
}
