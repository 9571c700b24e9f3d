import { type Commit, CommitFailed, type Store } from '../../state/store.ts'
import { milliseconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'

/**
 * Writes `commit`, and on failure the same again, unchanged, with growing pauses: memory is already ahead
 * of the disk, so it can be neither dropped nor altered. Throws the last failure after `retries` of them.
 */
export async function commitUntilTaken(
  store: Store,
  clock: WallClock,
  retries: number,
  commit: Commit,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await store.commit(commit)
    } catch (error) {
      if (!(error instanceof CommitFailed) || attempt === retries) throw error
      await new Promise<void>((resume) => clock.after(milliseconds(50) * 2 ** attempt, resume))
    }
  }
}
