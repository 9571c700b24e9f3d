/**
 * The disk refused the page that says which transaction is the last, or a flush of the journal. LMDB does
 * nothing more in this process then, reading included, and of the journal it is unknown what the disk holds.
 * What was acknowledged is as safe as it was; nothing more is acknowledged.
 */
export class DiskFailed extends Error {
  override readonly name = 'DiskFailed'

  /** `reason` is what the system said, if it is known. */
  constructor(path: string, file: string, reason?: string) {
    super(
      `store path "${path}": the disk failed as the end of a commit was written to ${file}` +
        `${reason ? `: ${reason}` : ''}. Nothing more is acknowledged, and what was is kept. Check the disk, ` +
        'then start again',
    )
  }
}

/** What `ask` gives. Throws `DiskFailed` when LMDB does not answer because of an earlier failure. */
export const asking = <T>(path: string, ask: () => T): T => {
  try {
    return ask()
  } catch (error) {
    if (error instanceof Error && error.message.includes('MDB_PANIC')) throw new DiskFailed(path, 'data.mdb')
    throw error
  }
}
