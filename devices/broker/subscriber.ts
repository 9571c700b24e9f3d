/** A client as publishes are sent to it. */
export interface Subscriber {
  readonly destroyed: boolean
  /** Whether it has yet to read what it was sent, so that what can wait should wait. */
  readonly isBehind: boolean
  /** Sends a packet at the end of this turn of the event loop, in one piece with others. */
  deliver(packet: Buffer): void
  /** The id of the next publish of QoS 1 or 2 to it. */
  nextMessageId(): number
}
