import { decode, encode } from '../state/codec.ts'
import type { JournalTail } from '../state/journal-tail.ts'
import type { Store } from '../state/store.ts'
import type { Timed } from '../time/timed.ts'
import { Actor } from './actor.ts'
import type { Behavior } from './behavior.ts'
import type { GroupCommit } from './group-commit.ts'

/** A journal was left behind by another version of a behavior, and cannot be replayed by this one. */
export class JournalOfAnotherVersion extends Error {
  override readonly name = 'JournalOfAnotherVersion'
}

/**
 * Notes which version of the behavior writes the journal from now on: its number, and the names, order and
 * versions of its durable steps. Throws `JournalOfAnotherVersion` when the journal is not empty and was
 * written by another.
 */
export function checkBehaviorVersion(
  { store, tail, commit }: { store: Store; tail: JournalTail; commit: GroupCommit },
  stage: string,
  behavior: Behavior<Timed, unknown>,
  version: number,
): void {
  const now = describe(behavior, version)
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

/** Building an actor, without giving it anything, tells which steps a behavior has. */
function describe(behavior: Behavior<Timed, unknown>, version: number): string {
  const actor = new Actor('version', behavior, () => {})
  actor.stop()
  const steps = actor.steps.map((step) => `${step.name} v${step.version}`)
  return `version ${version}, steps ${steps.join(', ') || 'none'}`
}
