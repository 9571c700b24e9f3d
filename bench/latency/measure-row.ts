import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { percentile } from '../../test/support/percentile.ts'
import { BrokerProcess, elapse } from '../ingest/broker-process.ts'
import { Probes } from './probes.ts'
import type { Row } from './rows.ts'

export interface MeasureOptions {
  /** Of measuring, after `warmUpSeconds` of the same load. */
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Where the store is made: the disk that counts. */
  readonly folder: string
  readonly progress: (line: string) => void
}

/** Milliseconds between two outliers, at the least; up to six more keep them out of step with everything. */
const probeEveryMs = 15

export type Figures = Awaited<ReturnType<typeof measure>>

/** One row of one broker, in a process and a folder of its own. */
export const measureRow = async (
  row: Row,
  program: 'tidemark' | 'bare-aedes',
  options: MeasureOptions,
): Promise<Figures> => {
  const folder = mkdtempSync(join(options.folder, 'tidemark-latency-'))
  const broker = await BrokerProcess.start(program, { args: [folder], onOneCore: row.onOneCore })
  try {
    const figures = await measure(row, broker, options)
    options.progress(`${row.name} ${program} ${JSON.stringify(figures)}`)
    return figures
  } finally {
    await broker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const measure = async (
  row: Row,
  broker: BrokerProcess,
  { seconds, warmUpSeconds, progress }: MeasureOptions,
) => {
  const probes = await Probes.prepare(broker.port, broker.nats, Math.ceil((seconds * 1_000) / probeEveryMs))
  const traffic = await row.traffic(broker.port)
  await traffic.isSteady
  progress(`${row.name}: warming up for ${warmUpSeconds} s`)
  await elapse(warmUpSeconds * 1_000)

  const [before, acksBefore, start] = [await broker.usage(), traffic.acknowledged, performance.now()]
  for (let probe = 0; performance.now() - start < seconds * 1_000; probe++) {
    await elapse(probeEveryMs + (probe % 7))
    probes.send()
  }
  const [after, acksAfter, end] = [await broker.usage(), traffic.acknowledged, performance.now()]
  await probes.finish()
  traffic.stop()

  const acks = acksAfter - acksBefore
  const elapsed = (end - start) / 1_000
  const written = after.writtenBytes === null ? null : after.writtenBytes - before.writtenBytes!
  return {
    publishes_per_second: round(acks / elapsed),
    anomaly_ms: broker.nats === undefined ? null : spread(probes.anomalies),
    puback_ms: spread(probes.pubacks),
    longest_pause_ms: round(after.longestPauseMs),
    longest_collection_ms: round(after.longestCollectionMs, 1),
    bytes_per_publish: written && round(written / acks),
    mb_per_minute: written && round((written / 1e6 / elapsed) * 60, 1),
    cpu_us_per_publish: round((after.processMicros - before.processMicros) / acks, 1),
    rss_mb: round(after.residentBytes / 2 ** 20),
  }
}

const spread = (latencies: readonly number[]) => ({
  p50: round(percentile(latencies, 0.5), 1),
  p99: round(percentile(latencies, 0.99), 1),
  max: round(percentile(latencies, 1), 1),
  probes: latencies.length,
})

const round = (value: number, digits = 0): number => Number(value.toFixed(digits))
