import type { RootDatabase } from './environment/database.ts'
import { CommitFailed } from './store.ts'

/**
 * Runs `write` as one LMDB transaction and resolves when it is flushed. Rejects with `CommitFailed` when
 * nothing of it was kept. `write` must not throw: what it had already handed over would be committed.
 *
 * What resolves is the promise of this batch and not the database's `flushed`, which speaks for the last
 * write anywhere: a removal that joined meanwhile would delay this commit, and fail it in its place.
 */
export const writeBatch = async (root: RootDatabase, write: () => void): Promise<void> => {
  try {
    await root.batch(write)
  } catch (error) {
    throw new CommitFailed(await reasonOf(error))
  }
}

/** lmdb rejects with a general error that carries the cause as a second promise, which rejects as well. */
const reasonOf = async (error: unknown): Promise<string> => {
  let cause = error
  if (error instanceof Error && 'commitError' in error) {
    cause = await Promise.resolve(error.commitError).catch((inner: unknown) => inner)
  }
  const words = cause instanceof Error ? cause.message : String(cause)
  return `the store could not write: ${words}; nothing of this commit was kept. Check that the disk is healthy and has room`
}
