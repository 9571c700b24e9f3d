/** Something about the relay that an operator wants to know, in words. */
export interface RelayReport {
  /**
   * `unreachable`: there is no connection to the server. `waiting`: the server or the stream takes nothing
   * now. `refused`: one row is not taken, and is tried again. `dead`: a dead letter took its place. `made`,
   * `recreated`, `purged`, `tail lost`: what was found of the stream; `restored`: it holds more than the
   * backup that the store was restored from. `strays`: others publish into it. `subjects`: it lacked some,
   * which were added, or how to add them. `taken`: another store writes to it; nothing is published until
   * that changes. `resumed`: that has changed, or the stream was taken over. `store`: the outbox could not be
   * tidied.
   */
  readonly kind:
    | 'unreachable'
    | 'waiting'
    | 'refused'
    | 'dead'
    | 'made'
    | 'recreated'
    | 'purged'
    | 'tail lost'
    | 'restored'
    | 'strays'
    | 'subjects'
    | 'taken'
    | 'resumed'
    | 'store'
  readonly message: string
  /** Of `taken`: the reason, and what `takeOver` must name for the relay to go on. */
  readonly taken?: Taken
}

export interface Taken {
  readonly stream: string
  readonly reason: string
  /** The epoch of another store, or the id of one message. */
  readonly takeOver: string
}

/** Another store writes to the stream. Nothing of the outbox is published, and nothing of it is lost. */
export class StreamTaken extends Error {
  override readonly name = 'StreamTaken'
  readonly taken: Taken

  constructor({ stream, reason, takeOver }: Taken) {
    super(
      `nothing is published to stream "${stream}": ${reason}. What is to be published waits on the disk. ` +
        `If nothing else writes to the stream, go on with takeOver: ["${takeOver}"], or delete the stream`,
    )
    this.taken = { stream, reason, takeOver }
  }
}
