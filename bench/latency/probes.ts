import { connectNats, type Nats } from '../../lib/nats/connect-nats.ts'
import { elapse } from '../ingest/broker-process.ts'
import { LoadClient } from '../ingest/load-client.ts'
import { publishPacket } from '../publish-packet.ts'

/** Readings of a probe before its outlier, a second of event time apart: enough behind the watermark. */
const warmUp = 200
const outlier = '99.9'

/**
 * Devices that publish one outlier each, to measure how long it takes from writing the PUBLISH to its PUBACK,
 * and to the anomaly at a NATS subscriber. In milliseconds.
 */
export class Probes {
  readonly pubacks: number[] = []
  readonly anomalies: number[] = []
  private readonly count: number
  private readonly outliers: LoadClient
  private readonly nats: Nats | undefined
  private readonly sentAt: number[] = []
  private readonly found = new Set<number>()

  /** @param nats Address of the NATS server; without it only PUBACKs are measured. */
  static async prepare(port: number, nats: string | undefined, count: number): Promise<Probes> {
    const now = Date.now()
    const calm = Array.from(
      { length: warmUp },
      (_, round) => `{"value":${(50 + (round % 7) / 10).toFixed(1)},"ts":${now - (warmUp - round) * 1_000}}`,
    )
    const warming = await LoadClient.open(port, 'probe-warming', ring(count, calm), bytesOf(calm[0]!))
    warming.send(count * warmUp)
    while (warming.acknowledged < count * warmUp) await elapse(10)
    warming.close()

    const outliers = await LoadClient.open(port, 'probe-outliers', ring(count, [outlier]), bytesOf(outlier))
    const subscriber =
      nats === undefined
        ? undefined
        : await connectNats({ servers: nats, firstConnect: 'fail', name: 'bench-latency' })
    const probes = new Probes(count, outliers, subscriber)
    await probes.subscribe()
    return probes
  }

  private constructor(count: number, outliers: LoadClient, nats: Nats | undefined) {
    this.count = count
    this.outliers = outliers
    this.nats = nats
    outliers.onAcks = () => {
      const now = performance.now()
      while (this.pubacks.length < outliers.acknowledged) {
        this.pubacks.push(now - this.sentAt[this.pubacks.length]!)
      }
    }
  }

  /** Publishes the next outlier. */
  send(): void {
    if (this.sentAt.length === this.count) throw new Error(`there are ${this.count} probes and no more`)
    this.sentAt.push(performance.now())
    this.outliers.send(1)
  }

  /** Resolves when all outliers that were sent have been acknowledged and reported. */
  async finish(): Promise<void> {
    const isDone = (): boolean =>
      this.pubacks.length === this.sentAt.length && (!this.nats || this.found.size === this.sentAt.length)
    for (let tries = 0; !isDone() && tries < 1_000; tries++) await elapse(10)
    this.outliers.close()
    await this.nats?.close()
    if (isDone()) return
    const { length: sent } = this.sentAt
    throw new Error(
      `of ${sent} outliers, ${this.pubacks.length} were acknowledged and ${this.found.size} reported`,
    )
  }

  private async subscribe(): Promise<void> {
    const connection = await this.nats?.connection
    connection?.subscribe('anomaly.*.probe', {
      callback: (_, { subject }) => {
        const probe = Number(subject.split('.')[1]!.slice('probe-'.length))
        const sent = this.sentAt[probe]
        if (sent === undefined || this.found.has(probe)) return
        this.found.add(probe)
        this.anomalies.push(performance.now() - sent)
      },
    })
    await connection?.flush()
  }
}

const topicOf = (probe: number): string => `v1/probe-${String(probe).padStart(5, '0')}/probe`

const bytesOf = (value: string): number => publishPacket(topicOf(0), value, 1).length

const ring = (probes: number, values: readonly string[]): Buffer =>
  Buffer.concat(
    values.flatMap((value, round) =>
      Array.from({ length: probes }, (_, probe) =>
        publishPacket(topicOf(probe), value, ((round * probes + probe) % 60_000) + 1),
      ),
    ),
  )
