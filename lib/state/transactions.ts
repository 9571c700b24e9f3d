import type { RootDatabase } from './environment/database.ts'
import { DiskFailed } from './environment/disk-failed.ts'
import { CommitFailed } from './store.ts'

export interface TransactionsOptions {
  readonly path: string
  readonly root: RootDatabase
  /** Throws when what is written would be lost, or is not for this process to write. */
  readonly requirePlace: () => void
}

/**
 * The transactions of one store, one after the other. LMDB would take several at once; but when one leaves it
 * dead, the promise of the next is never settled and holds a lock that the end of the process waits for.
 */
export class Transactions {
  private readonly options: TransactionsOptions
  private inFlight: Promise<void> | undefined
  private failure: DiskFailed | undefined

  constructor(options: TransactionsOptions) {
    this.options = options
  }

  /** Whether LMDB has been left dead. It can then be neither read nor closed. */
  get isDead(): boolean {
    return this.failure !== undefined
  }

  /**
   * Runs `write` as one transaction, at once when none is in flight, and resolves when it is flushed.
   * Rejects with `CommitFailed` when nothing of it was kept, and with `DiskFailed` when LMDB is dead. `write`
   * must not throw: what it had already handed over would be committed.
   */
  async run(write: () => void): Promise<void> {
    while (this.inFlight) await this.inFlight
    if (this.failure) throw this.failure
    this.options.requirePlace()
    const written = this.write(write)
    this.inFlight = written.then(
      () => this.settled(),
      () => this.settled(),
    )
    await written
    // Else it is flushed to a file that nobody can open again.
    this.options.requirePlace()
  }

  private settled(): void {
    this.inFlight = undefined
  }

  private async write(write: () => void): Promise<void> {
    const { path, root } = this.options
    try {
      await root.batch(write)
    } catch (error) {
      const reason = await reasonOf(error)
      if (!isDead(root)) throw new CommitFailed(inWords(reason))
      this.failure = new DiskFailed(path, 'data.mdb', reason)
      throw this.failure
    }
  }
}

const isDead = (root: RootDatabase): boolean => {
  root.resetReadTxn()
  try {
    root.getStats()
    return false
  } catch {
    return true
  }
}

/** lmdb rejects with a general error that carries the cause as a second promise, which rejects as well. */
const reasonOf = async (error: unknown): Promise<string> => {
  let cause = error
  if (error instanceof Error && 'commitError' in error) {
    cause = await Promise.resolve(error.commitError).catch((inner: unknown) => inner)
  }
  return cause instanceof Error ? cause.message : String(cause)
}

const inWords = (reason: string): string =>
  `the store could not write: ${reason}; nothing of this commit was kept. Check that the disk is healthy and has room`
