import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../cli/free-port.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import type { Duration } from '../../../lib/time/duration.ts'
import { recordedPublishes } from '../../../simulators/recordings/recorded-publish.ts'
import { startNatsServer } from '../../support/nats-server.ts'
import { programBeside } from '../../support/typescript-child.ts'
import { type Evidence, gatherEvidence } from '../crash/evidence.ts'
import { PlantProcess } from '../crash/plant-process.ts'
import type { PlantPublish } from '../crash/plant-publishes.ts'
import { ResendingClient } from '../crash/resending-client.ts'

export interface ReplayPipelineOptions {
  readonly folder: string
  readonly port: number
  readonly nats: string
  readonly bound: Duration
}

export interface DisturbedReplayOptions {
  readonly bound: Duration
  readonly seed: number
  /** Shares of the readings after which the process is killed. */
  readonly killAt: readonly number[]
  /** Shares after which the connection is cut. */
  readonly cutAt: readonly number[]
}

export interface DisturbedReplay {
  readonly evidence: Evidence
  /** Publishes sent again with DUP. */
  readonly redelivered: number
  readonly kills: number
  readonly misordered: number
}

/** Publishes readings in the given order to the real pipeline, disturbs it, and returns what is left. */
export const disturbedReplay = async (
  readings: readonly Reading[],
  { bound, seed, killAt, cutAt }: DisturbedReplayOptions,
): Promise<DisturbedReplay> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-replay-'))
  const nats = await startNatsServer()
  // Outside the range from which the system picks ports, or a client might connect to itself.
  const port = await freePort(10_000 + randomFrom(seed, process.pid).below(20_000))
  const options = { folder, port, nats: nats.address, bound }
  const start = (): PlantProcess =>
    new PlantProcess(options, {}, programBeside(import.meta.url, './pipeline'))
  const publishes = publishesOf(readings)
  const client = new ResendingClient({ id: 'recorder', port, window: 50, publishes, limit: readings.length })
  const disturbances = [
    ...killAt.map((share) => ({ share, isKill: true })),
    ...cutAt.map((share) => ({ share, isKill: false })),
  ].sort((one, other) => one.share - other.share)
  let pipeline = start()
  try {
    for (const { share, isKill } of disturbances) {
      const early = await Promise.race([client.reached(Math.floor(share * readings.length)), pipeline.ended])
      if (early) throw new Error(`the pipeline ended by itself:\n${early.stderr}`)
      if (isKill) {
        await pipeline.kill()
        pipeline = start()
      } else client.cut()
    }
    const early = await Promise.race([client.finish(), pipeline.ended])
    if (early) throw new Error(`the pipeline ended by itself:\n${early.stderr}`)
    const { code, stderr } = await pipeline.stop()
    if (code !== 0) throw new Error(`the pipeline did not end cleanly:\n${stderr}`)
    const { resent: redelivered, misordered } = client
    const evidence = await gatherEvidence(folder, nats.address)
    return { evidence, redelivered, misordered, kills: killAt.length }
  } finally {
    client.close()
    await pipeline.kill()
    await nats.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

function* publishesOf(readings: readonly Reading[]): Generator<PlantPublish> {
  for (const reading of readings) {
    const line = { file: '', line: 1, bytes: 0, readings: [reading], faults: [] }
    for (const publish of recordedPublishes(line)) yield { ...publish, device: reading.device, sequences: [] }
  }
}
