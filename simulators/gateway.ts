import { connectAsync, type MqttClient } from 'mqtt'
import { ResendStore } from './resend-store.ts'

/** Reconnecting clients that were cut off together come back this far apart. */
const stagger = 20

/**
 * One MQTT connection that carries the publishes of many machines, QoS 1, with a bounded number of them
 * unacknowledged. When the connection breaks it is made again and what is unacknowledged is sent again.
 */
export class Gateway {
  acknowledged = 0
  reconnects = 0
  private inFlight = 0
  private waiting: (() => void)[] = []
  private readonly client: MqttClient
  private readonly window: number

  /** Rejects when the first connection cannot be made. */
  static async open(url: string, name: string, number: number, window: number): Promise<Gateway> {
    const client = await connectAsync(
      url,
      {
        clientId: name,
        reconnectPeriod: 1_000 + number * stagger,
        resubscribe: false,
        protocolVersion: 4,
        outgoingStore: new ResendStore(),
      },
      false,
    )
    return new Gateway(client, window)
  }

  private constructor(client: MqttClient, window: number) {
    this.client = client
    this.window = window
    client.on('reconnect', () => {
      this.reconnects++
    })
    // Without a listener the error of a refused reconnection would end the process.
    client.on('error', () => {})
  }

  get isFull(): boolean {
    return this.inFlight >= this.window
  }

  get isEmpty(): boolean {
    return this.inFlight === 0
  }

  send(topic: string, payload: string): void {
    this.inFlight++
    this.client.publish(topic, payload, { qos: 1 }, (error) => {
      this.inFlight--
      if (!error) this.acknowledged++
      const waiting = this.waiting
      this.waiting = []
      for (const wake of waiting) wake()
    })
  }

  /** Resolves at the next acknowledgement. */
  acknowledgement(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  async close(): Promise<void> {
    await this.client.endAsync(!this.isEmpty)
  }
}
