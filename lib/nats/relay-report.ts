/** Something about the relay that an operator wants to know, in words. */
export interface RelayReport {
  /**
   * `waiting`: the server or the stream takes nothing now. `refused`: one row is not taken, and is tried
   * again. `dead`: a dead letter took its place. `made`, `recreated`, `purged`, `tail lost`: what was found
   * of the stream; `restored`: it holds more than the backup that the store was restored from. `strays`:
   * others publish into it. `subjects`:
   * it lacked some, which were added, or how to add them. `store`: the outbox could not be tidied.
   */
  readonly kind:
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
    | 'store'
  readonly message: string
}

/** Somebody else writes to the stream. The relay has stopped; nothing of the outbox is lost. */
export class StreamTaken extends Error {
  override readonly name = 'StreamTaken'

  constructor(stream: string, reason: string) {
    super(`stream "${stream}" is not ours to write: ${reason}`)
  }
}
