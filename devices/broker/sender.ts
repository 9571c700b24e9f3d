import type { Share } from './gate.ts'
import type { Publish } from './publish.ts'

/** What is told of a publish when it is settled. */
export interface SettledPublish {
  readonly qos: Publish['qos']
  /** Undefined for QoS 0 and wills. */
  readonly messageId: number | undefined
  /** The whole, when somebody is to be shown it. */
  readonly shown: Publish | undefined
}

/** Who published, and wants to know what became of it. */
export interface Sender {
  readonly clientId: string
  /** What is held of its publishes. */
  readonly share: Share
  /** Whether the client chose its id, and so may return under it. */
  readonly named: boolean
  /** Whether a publish may have subscribers to be shown to once it is durable. */
  shows(publish: Publish): boolean
  /** Called once for each publish: it is durable, or it is lost and has to be sent again. */
  settle(publish: SettledPublish, taken: boolean): void
}
