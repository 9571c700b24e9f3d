import { CommitFailed } from '../../state/store.ts'
import { milliseconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'

/**
 * Writes, and on failure writes the same again, with growing pauses: memory is already ahead of the disk, so
 * what is written can be neither dropped nor altered. Throws the last failure after `retries` of them.
 */
export async function retryUnchanged(
  write: () => Promise<void>,
  clock: WallClock,
  retries: number,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof CommitFailed) || attempt === retries) throw error
      await new Promise<void>((resume) => clock.after(milliseconds(50) * 2 ** attempt, resume))
    }
  }
}
