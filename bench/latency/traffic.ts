import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Progress } from '../../simulators/drive-plant.ts'
import { elapse } from '../ingest/broker-process.ts'
import { Load } from '../ingest/load.ts'

/** What a broker is busy with while latencies are measured. */
export interface Traffic {
  /** Publishes acknowledged so far. */
  readonly acknowledged: number
  /** Resolves when the rate is that of the traffic, with no history left to catch up on. */
  readonly isSteady: Promise<void>
  stop(): void
}

/** 10,000 devices that publish one temperature each, `perSecond` publishes in all, spread evenly. */
export const evenTraffic = async (port: number, perSecond: number): Promise<Traffic> => {
  const load = await Load.open({ port, clients: 50, devices: 10_000, values: 40 })
  let isOver = false
  const send = async (): Promise<void> => {
    const start = performance.now()
    for (let sent = 0; !isOver; await elapse(1)) {
      const due = Math.floor(((performance.now() - start) / 1_000) * perSecond) - sent
      load.send(due)
      sent += due
    }
    load.close()
  }
  void send()
  return {
    get acknowledged() {
      return load.acknowledged
    },
    isSteady: Promise.resolve(),
    stop() {
      isOver = true
    },
  }
}

/** The plant of `tidemark simulate`: 10,000 sensors on 2,500 machines, each with one publish a second. */
export const plantTraffic = async (port: number, historySeconds: number): Promise<Traffic> => {
  const module = fileURLToPath(new URL('./plant-process.js', import.meta.url))
  const child = fork(module, [`mqtt://127.0.0.1:${port}`, `${historySeconds}`])
  let acknowledged = 0
  const isSteady = new Promise<void>((resolve, reject) => {
    child.on('message', (progress: Progress) => {
      acknowledged = progress.acknowledged
      if (progress.isLive) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the plant ended with ${code}`)))
  })
  isSteady.catch(() => {})
  return {
    get acknowledged() {
      return acknowledged
    },
    isSteady,
    stop: () => child.disconnect(),
  }
}
