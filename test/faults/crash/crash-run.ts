import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../cli/free-port.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import { startNatsServer } from '../../support/nats-server.ts'
import type { FinishedChild } from '../../support/typescript-child.ts'
import { type PowerCut, powerCut } from '../power-cut/power-cut.ts'
import { crashSchedule, type Kill } from './crash-schedule.ts'
import { type Evidence, gatherEvidence } from './evidence.ts'
import { type Mutant, PlantProcess } from './plant-process.ts'
import { clientsOfPlant, plantPublishes } from './plant-publishes.ts'
import { ResendingClient } from './resending-client.ts'
import { differences, judge, type Verdict } from './verdict.ts'

/** What the disk does beside storing bytes. */
export interface DiskFaults {
  /** Added to every sync, in milliseconds. */
  readonly syncMs: number
  /** Whether a kill takes with it what was not synced. */
  readonly losesUnsynced: boolean
}

export interface CrashRunOptions {
  readonly seed: number
  readonly randomKills: number
  readonly killsAtEachPoint: number
  readonly faults?: DiskFaults
  readonly mutant?: Mutant
  readonly say?: (line: string) => void
}

export interface CrashFindings extends Verdict {
  readonly kills: number
  readonly random_kills: number
  readonly kills_at_each_point: number
  /** Publishes sent again, and writes that power cuts took back. */
  readonly resent: number
  readonly writes_dropped: number
  readonly seconds: number
}

/** The plant ended by itself when it should not have, or not when it should. */
export class PlantFailed extends Error {
  override readonly name = 'PlantFailed'
}

/** Kills the plant by a random schedule under load, lets it finish, and compares it with a twin never killed. */
export const crashRun = async (options: CrashRunOptions): Promise<CrashFindings> => {
  const { seed, randomKills, killsAtEachPoint, say = () => {} } = options
  const start = performance.now()
  const killed = await withPlant(options, async (plant) => {
    const { syncMs = 0 } = options.faults ?? {}
    const kills = crashSchedule(randomFrom(seed), {
      randomKills,
      killsAtEachPoint,
      slowness: 1 + syncMs / 10,
    })
    for (const [at, kill] of kills.entries()) {
      await plant.crash(kill)
      const point = kill.at === 'random moment' ? `after ${kill.afterMs} ms` : `${kill.at} ${kill.pass}`
      say(`kill ${at + 1} of ${kills.length}, ${point}: ${plant.acknowledged} acknowledged`)
    }
    return { kills: kills.length, resent: plant.resent, dropped: plant.dropped }
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
  const disk = faults && powerCut(folder, { syncMs: faults.syncMs })
  const clients = Array.from({ length: clientsOfPlant }, (_, client) => {
    const limit = limits?.[client]
    const own = { id: `client-${client}`, port, window: 50, publishes: plantPublishes(seed, client) }
    return new ResendingClient(limit === undefined ? own : { ...own, limit })
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

/** Starts the plant again and again on the same folder, and brings it down each time. */
class CrashingPlant {
  /** Writes that power cuts took back. */
  dropped = 0
  private readonly options: Omit<ConstructorParameters<typeof PlantProcess>[0], 'crashAt'>
  private readonly clients: readonly ResendingClient[]
  private readonly disk: PowerCut | undefined
  private readonly losesUnsynced: boolean

  constructor(
    options: CrashingPlant['options'],
    clients: readonly ResendingClient[],
    disk: PowerCut | undefined,
    losesUnsynced: boolean,
  ) {
    this.options = options
    this.clients = clients
    this.disk = disk
    this.losesUnsynced = losesUnsynced
  }

  get acknowledged(): number {
    return this.clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  }

  get resent(): number {
    return this.clients.reduce((sum, { resent }) => sum + resent, 0)
  }

  async crash(kill: Kill): Promise<void> {
    const crashAt = kill.at === 'random moment' ? {} : { crashAt: `${kill.at}:${kill.pass}` }
    const process = new PlantProcess({ ...this.options, ...crashAt }, this.disk?.environment)
    if (kill.at === 'random moment') {
      await Promise.race([process.ready, process.ended])
      const early = await within(kill.afterMs, process.ended)
      if (early) throw new PlantFailed(`the plant ended before it was killed: ${wordsOf(early)}`)
      await process.kill()
    } else {
      const end = await within(longest, process.ended)
      if (!end) {
        await process.kill()
        throw new PlantFailed(`the plant did not pass "${kill.at}" ${kill.pass} times in ${longest} ms`)
      }
      if (end.signal !== 'SIGKILL')
        throw new PlantFailed(`the plant ended before ${kill.at}: ${wordsOf(end)}`)
    }
    const undone = this.losesUnsynced ? this.disk?.cut() : undefined
    for (const { writes } of undone ?? []) this.dropped += writes
  }

  /** All that was published is acknowledged, and the plant ends by itself. */
  async finish(): Promise<void> {
    const process = new PlantProcess(this.options, this.disk?.environment)
    const finished = Promise.all(this.clients.map((client) => client.finish()))
    const early = await Promise.race([finished, process.ended])
    if (!Array.isArray(early))
      throw new PlantFailed(`the plant ended by itself: ${wordsOf(early as FinishedChild)}`)
    const end = (await within(longest, process.stop())) ?? (await process.kill())
    if (end.code !== 0) throw new PlantFailed(`the plant did not end cleanly: ${wordsOf(end)}`)
  }
}

const longest = 60_000

const within = <T>(ms: number, promise: Promise<T>): Promise<T | undefined> => {
  let cancel = (): void => {}
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    cancel = () => clearTimeout(timer)
  })
  return Promise.race([promise, late]).finally(() => cancel())
}

const wordsOf = ({ code, signal, stderr }: FinishedChild): string =>
  `${code ?? signal}\n${stderr.slice(-2_000)}`
