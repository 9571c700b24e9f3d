import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../cli/free-port.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import { startNatsServer } from '../../support/nats-server.ts'
import { powerCut } from '../power-cut/power-cut.ts'
import { crashSchedule } from './crash-schedule.ts'
import { CrashingPlant } from './crashing-plant.ts'
import { type Evidence, gatherEvidence } from './evidence.ts'
import type { Mutant } from './plant-process.ts'
import { clientsOfPlant, plantPublishes } from './plant-publishes.ts'
import { ResendingClient } from './resending-client.ts'
import { differences, judge, type Verdict } from './verdict.ts'

/** What the disk does beside storing bytes. */
export interface DiskFaults {
  /** Added to every sync, in milliseconds. */
  readonly syncMs: number
  /** Whether a kill takes with it what was not synced. */
  readonly losesUnsynced: boolean
  /** Whether it is never asked to sync, as by a build that does not. */
  readonly noSync?: boolean
}

export interface CrashRunOptions {
  readonly seed: number
  readonly randomKills: number
  readonly killsAtEachPoint: number
  readonly faults?: DiskFaults
  readonly mutant?: Mutant
  /** How much earlier than after about a second of work to kill at a crash point, 1 unless given. */
  readonly haste?: number
  readonly say?: (line: string) => void
}

export interface CrashFindings extends Verdict {
  readonly kills: number
  readonly random_kills: number
  readonly kills_at_each_point: number
  /** Ends under load that were no kills. */
  readonly clean_stops: number
  /** Publishes sent again, and writes that power cuts took back. */
  readonly resent: number
  readonly writes_dropped: number
  readonly seconds: number
}

/** Kills the plant under load by a random schedule, lets it finish, and compares it with its twin. */
export const crashRun = async (options: CrashRunOptions): Promise<CrashFindings> => {
  const { seed, randomKills, killsAtEachPoint, say = () => {} } = options
  const start = performance.now()
  const killed = await withPlant(options, async (plant) => {
    const { syncMs = 0 } = options.faults ?? {}
    const ends = crashSchedule(randomFrom(seed), {
      randomKills,
      killsAtEachPoint,
      slowness: 1 + syncMs / 10,
      haste: options.haste ?? 1,
    })
    for (const [at, end] of ends.entries()) {
      await plant.bringDown(end)
      const point = 'pass' in end ? `${end.at} ${end.pass}` : `${end.afterMs} ms after ${end.at}`
      say(`end ${at + 1} of ${ends.length}, ${point}: ${plant.acknowledged} acknowledged`)
    }
    const clean = ends.filter((end) => end.at === 'work, cleanly').length
    return { kills: ends.length - clean, clean, resent: plant.resent, dropped: plant.dropped }
  })
  say('the twin, without a kill ...')
  const limits = killed.clients.map(({ published }) => published)
  const { faults: _, mutant: __, ...sound } = options
  const twin = await withPlant({ ...sound, limits }, async () => {})
  for (const difference of differences(killed.evidence, twin.evidence)) say(difference)
  return {
    kills: killed.result.kills,
    ...judge(killed.clients, killed.evidence, twin.evidence),
    random_kills: randomKills,
    kills_at_each_point: killsAtEachPoint,
    clean_stops: killed.result.clean,
    resent: killed.result.resent,
    writes_dropped: killed.result.dropped,
    seconds: Math.round((performance.now() - start) / 1_000),
  }
}

interface PlantRunOptions extends CrashRunOptions {
  /** Publishes of each client; without end until the work is done unless given. */
  readonly limits?: readonly number[]
}

interface PlantRun<T> {
  readonly result: T
  readonly clients: readonly ResendingClient[]
  readonly evidence: Evidence
}

/** Runs `work` on a new plant under load, then lets clients and plant finish, and returns what is left. */
const withPlant = async <T>(
  options: PlantRunOptions,
  work: (plant: CrashingPlant) => Promise<T>,
): Promise<PlantRun<T>> => {
  const { seed, limits, faults, mutant } = options
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-crash-'))
  const nats = await startNatsServer()
  // Outside the range from which the system picks ports: a client that tries while nobody listens could
  // otherwise be given the very port it tries, and would connect to itself.
  const port = await freePort(10_000 + randomFrom(seed, process.pid).below(20_000))
  const disk = faults && powerCut(folder, faults)
  const clients = Array.from({ length: clientsOfPlant }, (_, client) => {
    const limit = limits?.[client]
    const own = { id: `client-${client}`, port, publishes: plantPublishes(seed, client) }
    // The twin has the same readings in the same order; a wider window only gets it done sooner.
    return new ResendingClient(limit === undefined ? { ...own, window: 50 } : { ...own, window: 400, limit })
  })
  const plantOptions = { folder, port, nats: nats.address, ...(mutant ? { mutant } : {}) }
  const plant = new CrashingPlant(plantOptions, clients, disk, faults?.losesUnsynced ?? false)
  try {
    const result = await work(plant)
    await plant.finish()
    return { result, clients, evidence: await gatherEvidence(folder, nats.address) }
  } finally {
    for (const client of clients) client.close()
    disk?.close()
    await nats.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}
