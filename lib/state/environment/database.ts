/**
 * A named LMDB database, as far as it is used. In words of our own: declarations of ours that named lmdb's
 * would have every user of tidemark compile those, which only do when nobody checks them.
 */
export interface Database {
  getBinary(key: Uint8Array): Buffer | undefined
  doesExist(key: Uint8Array): boolean
  getKeys(range: KeyScan): Iterable<Uint8Array>
  getKeysCount(range: KeyScan): number
  /** Looks at the bounds each time an iteration begins. */
  getRange(range: KeyScan): Iterable<FramedRow>
  put(key: Uint8Array, value: Uint8Array): Promise<boolean>
  remove(key: Uint8Array): Promise<boolean>
  transactionSync<T>(write: () => T): T
  /** Deletes the database with all of its rows. */
  drop(): Promise<void>
  dropSync(): void
  getStats(): unknown
}

/** An LMDB environment, as far as it is used. */
export interface RootDatabase {
  /** Makes it when it is missing; undefined when it is missing and nothing may be written. */
  openDB(options: DatabaseOptions): Database | undefined
  getKeys(): Iterable<unknown>
  /** Resolves when what `write` hands over is flushed. */
  batch(write: () => void): Promise<unknown>
  transactionSync<T>(write: () => T): T
  getStats(): unknown
  /** What is read next is read anew, and not from the state that was read last. */
  resetReadTxn(): void
  /** Calls `listener` after each transaction; `txnId` is undefined when it failed. */
  on(event: 'aftercommit', listener: (transaction: { readonly txnId?: number }) => void): void
  backup(path: string, compact: boolean): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly name: string
  readonly encoding: 'binary'
  // The types of lmdb leave out the encoders that its documentation describes.
  readonly encoder?: object
  readonly keyEncoder?: object
}

/** Keys from `start` up to, not including, `end`. In reverse from `start` down to `end`, both included. */
export interface KeyScan {
  readonly start?: Uint8Array
  readonly end?: Uint8Array
  readonly limit?: number
  readonly reverse?: boolean
}

export interface FramedRow {
  readonly key: Uint8Array
  readonly value: Uint8Array
}
