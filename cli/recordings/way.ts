import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BrokerTarget } from '../../simulators/recordings/broker-target.ts'
import type { RecordingTarget } from '../../simulators/recordings/recording-target.ts'
import { makeDataFolder, storeFolder } from '../data-folder.ts'
import { addressesFor } from '../options/broker-option.ts'
import { EngineTarget } from './engine-target.ts'
import type { Findings } from './findings.ts'
import { watchFindings } from './watch-findings.ts'

/** Where readings go, and how that comes to an end. */
export interface Way {
  readonly target: RecordingTarget
  /** Whether what comes out is seen. */
  readonly isWatched: boolean
  finish(signal: AbortSignal): Promise<void>
}

/** Where a broker and a NATS server are, if not where the tidemark that serves `data` has them. */
export interface BrokerOptions {
  readonly data: string
  readonly broker?: string
  readonly nats?: string
  readonly stream?: string
}

/** Over MQTT, watched at NATS where there is one. */
export const toBroker = async (
  options: BrokerOptions,
  findings: Findings,
  devices: ReadonlySet<string>,
): Promise<Way> => {
  const { mqtt: url, nats: natsUrl, stream } = addressesFor(options)
  const watching = natsUrl === undefined ? undefined : watchFindings(natsUrl, stream, findings, devices)
  // Who named a server wants to see it. That of the running tidemark may be away: anomalies wait for it.
  const watched = await (options.nats === undefined ? watching?.catch(notWatched) : watching)
  const target = await BrokerTarget.open(url, `replay-${randomUUID()}`).catch((error: Error) => {
    throw new Error(`no MQTT broker at ${url}: ${error.message}; start tidemark, or name one with --broker`)
  })
  return {
    target,
    isWatched: watched !== undefined,
    async finish(signal) {
      await target.close()
      await watched?.settled(signal)
      await watched?.close()
    },
  }
}

const notWatched = ({ message }: Error): undefined => {
  console.error(`anomalies are not counted: ${message}`)
}

/** Straight into actors of its own, on a store in `data` or else in a folder that is gone afterwards. */
export const toEngine = (data: string | undefined, findings: Findings): Way => {
  const folder = data === undefined ? mkdtempSync(join(tmpdir(), 'tidemark-replay-')) : makeDataFolder(data)
  if (data === undefined) process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const target = new EngineTarget(storeFolder(folder), findings)
  return {
    target,
    isWatched: true,
    finish: () => target.close(),
  }
}
