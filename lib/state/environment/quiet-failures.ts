import type { RootDatabase } from './database.ts'

/**
 * Keeps lmdb from printing the stack of a transaction that failed. It rejects with the same error, which is
 * put in words by whoever waits for it, and offers no other way to say where its errors go.
 *
 * It prints right after it has told "aftercommit", without a number when the transaction failed, and before
 * anybody else has a turn: in that moment alone nothing is printed.
 */
export const quietFailures = (root: RootDatabase): void =>
  root.on('aftercommit', ({ txnId }) => {
    if (txnId !== undefined) return
    const { error } = console
    console.error = () => {}
    queueMicrotask(() => {
      console.error = error
    })
  })
