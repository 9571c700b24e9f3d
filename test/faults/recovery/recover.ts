import { setTimeout as wait } from 'node:timers/promises'
import { storeFolder } from '../../../cli/data-folder.ts'
import { StoreInspector } from '../../../lib/state/inspection/store-inspector.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { ResendingClient } from '../crash/resending-client.ts'
import { fleetPublishes } from './fleet-publishes.ts'
import { PubackRecord } from './puback-record.ts'

export interface RecoveryOptions {
  readonly devices: number
  /** Seconds of full load before the kill, of which the second half must hold a whole second: 3 or more. */
  readonly loadSeconds: number
  /** Publishes that each of the connections has in flight. */
  readonly window: number
  readonly connections: number
  readonly bounds: RecoveryBounds
  /** For how long the load goes on at the full rate. */
  readonly afterwardsMs: number
  readonly progress: (line: string) => void
}

/** One row of the table; milliseconds count from the start of the process that recovers. */
export interface Recovery {
  readonly devices: number
  /** PUBACKs a second before the kill: the median of the second half of the load. */
  readonly rate_before: number
  readonly acknowledged_before: number
  /** Entries of the journal that the kill left behind. */
  readonly journal_entries: number
  readonly first_puback_ms: number | undefined
  /**
   * Until PUBACKs arrive at 80 % of `rate_before`: the beginning of the first second that has as many, but
   * not before 3,000 have arrived.
   */
  readonly full_rate_ms: number | undefined
  readonly started_line_ms: number | undefined
  /** PUBACKs a second from then on, while the load went on. */
  readonly rate_after: number
  readonly misordered: number
  readonly peak_mb: number
  readonly holds: boolean
}

/** What has to hold, in milliseconds from the start of the process. */
export interface RecoveryBounds {
  readonly firstPubackMs: number
  readonly fullRateMs: number
}

export const recoveryBounds: RecoveryBounds = { firstPubackMs: 2_000, fullRateMs: 6_000 }

const fullRateShare = 0.8
const enoughPubacks = 3_000
/** Without a full rate by then, there is none. */
const limitMs = 90_000
/** For the last PUBACKs of the killed process to be read. */
const drainMs = 200

/**
 * Puts a tidemark under full load, kills it, starts it again under the same traffic, and measures how long
 * that takes: the clients connect again at once, and send again what is unacknowledged.
 */
export const recover = async (options: RecoveryOptions): Promise<Recovery> => {
  const { devices, loadSeconds, window, connections, bounds, progress } = options
  const args = ['--absent-after', 'never']
  const loaded = await TidemarkProcess.start({ args })
  const now = Date.now()
  const clients = Array.from({ length: connections }, (_, client) => {
    const publishes = fleetPublishes({ devices, clients: connections, client, now })
    return new ResendingClient({ id: `recovery-${client}`, port: loaded.port, window, publishes })
  })
  const sum = (of: 'acknowledged' | 'misordered'): number =>
    clients.reduce((total, client) => total + client[of], 0)
  const record = new PubackRecord(() => sum('acknowledged'))
  try {
    const since = performance.now()
    await wait(loadSeconds * 1_000)
    const rate = record.medianRate((since + performance.now()) / 2, performance.now())
    await loaded.kill()
    await wait(drainMs)
    const killed = { acknowledged: sum('acknowledged'), entries: await journalEntries(loaded.folder) }
    progress(`${devices} devices: killed at ${Math.round(rate)} PUBACKs/s, journal of ${killed.entries}`)

    const { folder, port } = loaded
    const recovered = await TidemarkProcess.spawn({ args, folder, port })
    const { spawnedAt } = recovered
    let startedLine: number | undefined
    void recovered.started.then(() => {
      startedLine = performance.now() - spawnedAt
    }, ignore)
    const fullRateAt = (): number | undefined => {
      const enough = record.reached(enoughPubacks, spawnedAt)
      const full = record.firstSecondOf(fullRateShare * rate, spawnedAt)
      return enough === undefined || full === undefined ? undefined : Math.max(enough, full)
    }
    try {
      const isOver = (): boolean => performance.now() - spawnedAt > limitMs || !recovered.isRunning
      for (let round = 1; fullRateAt() === undefined && !isOver(); round++) {
        await wait(100)
        if (round % 20 !== 0) continue
        const rateNow = record.medianRate(performance.now() - 2_000, performance.now())
        progress(`${round / 10} s after the start: ${Math.round(rateNow)} PUBACKs/s`)
      }
      const [first, full] = [record.reached(1, spawnedAt), fullRateAt()]
      await wait(options.afterwardsMs)
      const after = full === undefined ? Number.NaN : record.medianRate(full, performance.now())
      const since = (moment: number | undefined): number | undefined =>
        moment === undefined ? undefined : Math.round(moment - spawnedAt)
      const [firstMs, fullMs] = [since(first), since(full)]
      return {
        devices,
        rate_before: Math.round(rate),
        acknowledged_before: killed.acknowledged,
        journal_entries: killed.entries,
        first_puback_ms: firstMs,
        full_rate_ms: fullMs,
        started_line_ms: startedLine === undefined ? undefined : Math.round(startedLine),
        rate_after: Math.round(after),
        misordered: sum('misordered'),
        peak_mb: Math.round(recovered.peakResidentBytes / 2 ** 20),
        holds: (firstMs ?? Number.NaN) < bounds.firstPubackMs && (fullMs ?? Number.NaN) < bounds.fullRateMs,
      }
    } finally {
      await recovered.kill()
    }
  } finally {
    for (const client of clients) client.close()
    record.stop()
    await loaded.remove()
  }
}

const journalEntries = async (folder: string): Promise<number> => {
  const inspector = new StoreInspector(storeFolder(folder))
  try {
    return inspector.inspect().journal.entries
  } finally {
    await inspector.close()
  }
}

const ignore = (): void => {}
