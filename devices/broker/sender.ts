import type { HeldPublish } from './held-publish.ts'

/** Who published, and wants to know what became of it. */
export interface Sender {
  readonly clientId: string
  /** Whether the client chose its id, and so may return under it. */
  readonly named: boolean
  /** Whether a publish on `topic` is to be shown to somebody once it is durable. */
  shows(topic: string): boolean
  /** Called once for each publish: it is durable, or it is lost and has to be sent again. */
  settle(held: HeldPublish, taken: boolean): void
}
