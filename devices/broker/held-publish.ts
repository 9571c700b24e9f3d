import type { Duty } from '../../lib/actors/delivery.ts'
import type { Publish } from './publish.ts'
import type { Sender, SettledPublish } from './sender.ts'

/**
 * What is kept of a publish until it is durable: thousands wait at a time, so nothing that is not needed.
 */
export class HeldPublish implements Duty, SettledPublish {
  readonly sender: Sender
  readonly qos: Publish['qos']
  readonly messageId: number | undefined
  readonly bytes: number
  readings = 0
  readonly shown: Publish | undefined
  private readonly settle: (held: HeldPublish, taken: boolean) => void

  constructor(sender: Sender, publish: Publish, settle: (held: HeldPublish, taken: boolean) => void) {
    this.settle = settle
    this.sender = sender
    this.qos = publish.qos
    this.messageId = publish.messageId
    this.bytes = publish.topic.name.length + publish.payload.length
    this.shown = sender.shows(publish) ? publish : undefined
  }

  ack(): void {
    this.settle(this, true)
  }

  reject(): void {
    this.settle(this, false)
  }
}
