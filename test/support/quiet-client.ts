import { FloodClient, packetBytes } from './flood-client.ts'
import { percentile } from './percentile.ts'

/** How long a well-behaved device waited for its PUBACKs, in milliseconds. */
export interface PubackLatency {
  readonly published: number
  readonly acknowledged: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface QuietClientOptions {
  readonly port: number
  readonly clientId?: string
  /** 50 unless given. */
  readonly everyMs?: number
}

/**
 * A well-behaved device: it publishes one number every 50 ms with QoS 1, each when its moment has come and
 * whatever is still unacknowledged, and measures the time to each PUBACK.
 */
export class QuietClient {
  private readonly client: FloodClient
  private readonly sentAt: number[] = []
  private readonly latencies: number[] = []
  private readonly timer: NodeJS.Timeout

  static async connect({
    port,
    clientId = 'quiet-1',
    everyMs = 50,
  }: QuietClientOptions): Promise<QuietClient> {
    return new QuietClient(await FloodClient.connect(port, clientId), clientId, everyMs)
  }

  private constructor(client: FloodClient, clientId: string, everyMs: number) {
    this.client = client
    const packets = Array.from({ length: 1_000 }, (_, number) =>
      packetBytes(1, () => ({
        ...{ cmd: 'publish', topic: `v1/${clientId}/value`, payload: (20 + (number % 10) / 10).toFixed(1) },
        ...{ qos: 1, messageId: number + 1, dup: false, retain: false },
      })),
    )
    const start = performance.now()
    // The moment of a publish is that of its schedule: a program that is late must not hide a wait.
    this.timer = setInterval(() => {
      for (let now = performance.now(); start + this.sentAt.length * everyMs <= now; ) {
        const number = this.sentAt.push(start + this.sentAt.length * everyMs) - 1
        client.socket.write(packets[number % packets.length]!)
      }
    }, everyMs)
    // PUBACKs come in the order of the publishes.
    client.socket.on('data', () => {
      const now = performance.now()
      while (this.latencies.length < client.received[4]!) {
        this.latencies.push(now - this.sentAt[this.latencies.length]!)
      }
    })
  }

  get isConnected(): boolean {
    return !this.client.closed
  }

  /** Of the publishes from `since` on, of `performance.now()`; one without a PUBACK has waited until now. */
  latency(since = 0): PubackLatency {
    const now = performance.now()
    const first = this.sentAt.findIndex((sent) => sent >= since)
    const sent = first < 0 ? [] : this.sentAt.slice(first)
    const acknowledged = this.latencies.slice(this.sentAt.length - sent.length)
    const all = sent.map((moment, number) => acknowledged[number] ?? now - moment)
    const at = (share: number): number => Number(percentile(all, share).toFixed(1))
    return {
      published: sent.length,
      acknowledged: acknowledged.length,
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
    }
  }

  /** Resolves when all that has been published up to now is acknowledged, or the connection is closed. */
  answered(): Promise<void> {
    const published = this.sentAt.length
    return this.client.until(() => this.client.closed || this.client.received[4]! >= published)
  }

  close(): void {
    clearInterval(this.timer)
    this.client.close()
  }
}
