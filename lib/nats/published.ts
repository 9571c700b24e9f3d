/** A row that the stream has confirmed. */
export interface Published {
  /** `Nats-Msg-Id` and CloudEvents id. */
  readonly id: string
  readonly subject: string
  readonly stream: string
  readonly sequence: number
}
