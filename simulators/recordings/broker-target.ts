import { Gateway } from '../gateway.ts'
import type { RecordedPublish } from './recorded-publish.ts'
import type { RecordingTarget } from './recording-target.ts'

/** Fewer than a broker remembers of one client, so that what is sent again after a cut is recognised. */
const window = 500

/**
 * A recording is played to an MQTT broker over one connection, QoS 1: in order, and again what was not
 * acknowledged when it broke.
 */
export class BrokerTarget implements RecordingTarget {
  private readonly gateway: Gateway

  /**
   * Rejects when the first connection cannot be made.
   * @param clientId Of nobody else, at most 64 characters.
   */
  static async open(url: string, clientId: string): Promise<BrokerTarget> {
    return new BrokerTarget(await Gateway.open(url, clientId, 0, window))
  }

  private constructor(gateway: Gateway) {
    this.gateway = gateway
  }

  get acknowledged(): number {
    return this.gateway.acknowledged
  }

  get reconnects(): number {
    return this.gateway.reconnects
  }

  send({ topic, payload }: RecordedPublish): Promise<void> | undefined {
    this.gateway.send(topic, payload)
    return this.gateway.isFull ? this.gateway.acknowledgement() : undefined
  }

  async settled(): Promise<void> {
    while (!this.gateway.isEmpty) await this.gateway.acknowledgement()
  }

  close(): Promise<void> {
    return this.gateway.close()
  }
}
