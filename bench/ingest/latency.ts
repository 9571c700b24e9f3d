import { connectNats } from '../../lib/nats/connect-nats.ts'
import { publishPacket } from '../publish-packet.ts'
import { type BrokerProcess, elapse } from './broker-process.ts'
import { LoadClient } from './load-client.ts'

/** Readings of a metric before its outlier, a second of event time apart: enough behind the watermark. */
const warmUp = 200
const outlier = '99.9'

/**
 * Milliseconds from writing a PUBLISH to the anomaly it causes at a NATS subscriber, for `probes` devices
 * with one outlier each, while the broker serves `perSecond` other publishes.
 */
export const latencies = async (
  broker: BrokerProcess,
  perSecond: number,
  probes: number,
): Promise<number[]> => {
  const nats = await connectNats({ servers: broker.nats!, firstConnect: 'fail', name: 'latency' })
  const sentAt = new Map<number, number>()
  const found: number[] = []
  const subscription = (await nats.connection).subscribe('anomaly.*.probe', {
    callback: (_, { subject }) => {
      const probe = Number(subject.split('.')[1]!.slice('probe-'.length))
      const sent = sentAt.get(probe)
      if (sent === undefined) return
      sentAt.delete(probe)
      found.push(performance.now() - sent)
    },
  })
  await (await nats.connection).flush()

  const topic = (probe: number): string => `v1/probe-${String(probe).padStart(4, '0')}/probe`
  const bytesOf = (value: string): number => publishPacket(topic(0), value, 1).length
  const ring = (values: readonly string[]): Buffer =>
    Buffer.concat(
      values.flatMap((value, round) =>
        Array.from({ length: probes }, (_, probe) =>
          publishPacket(topic(probe), value, ((round * probes + probe) % 60_000) + 1),
        ),
      ),
    )
  const now = Date.now()
  const calm = Array.from(
    { length: warmUp },
    (_, round) => `{"value":${(50 + (round % 7) / 10).toFixed(1)},"ts":${now - (warmUp - round) * 1_000}}`,
  )
  const warming = await LoadClient.open(broker.port, 'probe-warming', ring(calm), bytesOf(calm[0]!))
  warming.send(probes * warmUp)
  while (warming.acknowledged < probes * warmUp) await elapse(10)
  warming.close()

  const outliers = await LoadClient.open(broker.port, 'probe-outliers', ring([outlier]), bytesOf(outlier))
  const start = performance.now()
  let sent = 0
  for (let probe = 0, next = start + 500; probe < probes; ) {
    await elapse(2)
    const now = performance.now()
    const due = Math.floor(((now - start) / 1_000) * perSecond) - sent
    broker.load.send(due)
    sent += due
    if (now < next) continue
    next = now + 15 + (probe % 7)
    sentAt.set(probe++, performance.now())
    outliers.send(1)
  }
  for (let tries = 0; sentAt.size > 0 && tries < 500; tries++) await elapse(10)
  outliers.close()
  subscription.unsubscribe()
  await nats.close()
  if (sentAt.size > 0) throw new Error(`${sentAt.size} of ${probes} outliers were not reported`)
  return found.sort((a, b) => a - b)
}
