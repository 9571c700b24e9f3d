import type { Gateway } from '../../../simulators/gateway.ts'

/** Watches a gateway's acknowledgements, which come in the order of its publishes. */
export class LineClient {
  private readonly gateway: Gateway
  private readonly onAck: ((() => void) | undefined)[] = []
  private seen = 0
  private watching: Promise<void> | undefined

  constructor(gateway: Gateway) {
    this.gateway = gateway
  }

  /** Sends one publish once there is room for it; `acknowledged` is called at its PUBACK. */
  async send(topic: string, payload: string, acknowledged?: () => void): Promise<void> {
    while (this.gateway.isFull) await this.gateway.acknowledgement()
    this.onAck.push(acknowledged)
    this.gateway.send(topic, payload)
    this.watching ??= this.watch()
  }

  /** Resolves when everything sent is acknowledged. */
  async emptied(): Promise<void> {
    await this.watching
  }

  async close(): Promise<void> {
    await this.emptied()
    await this.gateway.close()
  }

  private async watch(): Promise<void> {
    while (!this.gateway.isEmpty) {
      await this.gateway.acknowledgement()
      for (; this.seen < this.gateway.acknowledged; this.seen++) this.onAck.shift()?.()
    }
    this.watching = undefined
  }
}
