import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../cli/free-port.ts'
import { crashPoints } from '../../../lib/state/crash-point.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import { programBeside } from '../../support/typescript-child.ts'
import { crashSchedule } from '../crash/crash-schedule.ts'
import { CrashingPlant } from '../crash/crashing-plant.ts'
import { clientsOfPlant, plantPublishes } from '../crash/plant-publishes.ts'
import { ResendingClient } from '../crash/resending-client.ts'
import { type GraphEvidence, gatherEvidence } from './graph-evidence.ts'
import { type GraphVerdict, judge } from './graph-verdict.ts'

export interface GraphRunOptions {
  readonly seed: number
  readonly randomKills: number
  readonly killsAtEachPoint: number
  /**
   * How much earlier than after about a second of work to kill at a crash point, 20 unless given: a graph
   * with five sinks deletes from five outboxes, beside which checkpoints and passivation are rare.
   */
  readonly haste?: number
  readonly say?: (line: string) => void
}

export interface GraphFindings extends GraphVerdict {
  readonly kills: number
  readonly resent: number
  readonly seconds: number
}

/** The points that a graph without NATS passes. */
const points = crashPoints.filter((point) => !point.startsWith('relay '))

/** Kills a graph under load by a random schedule, lets it finish, and compares it with its twin. */
export const graphRun = async (options: GraphRunOptions): Promise<GraphFindings> => {
  const { seed, randomKills, killsAtEachPoint, haste = 20, say = () => {} } = options
  const start = performance.now()
  const killed = await withGraph(seed, undefined, async (graph) => {
    const ends = crashSchedule(randomFrom(seed), {
      randomKills,
      killsAtEachPoint,
      slowness: 1,
      haste,
      points,
    })
    for (const [at, end] of ends.entries()) {
      await graph.bringDown(end)
      const point = 'pass' in end ? `${end.at} ${end.pass}` : `${end.afterMs} ms after ${end.at}`
      say(`end ${at + 1} of ${ends.length}, ${point}: ${graph.acknowledged} acknowledged`)
    }
    return { kills: ends.filter(({ at }) => at !== 'work, cleanly').length, resent: graph.resent }
  })
  say('the twin, without a kill ...')
  const limits = killed.clients.map(({ published }) => published)
  const twin = await withGraph(seed, limits, async () => {})
  return {
    ...judge(killed.clients, killed.evidence, twin.evidence),
    ...killed.result,
    seconds: Math.round((performance.now() - start) / 1_000),
  }
}

interface GraphRun<T> {
  readonly result: T
  readonly clients: readonly ResendingClient[]
  readonly evidence: GraphEvidence
}

/** Runs `work` on a new graph under load, then lets clients and graph finish, and returns what is left. */
const withGraph = async <T>(
  seed: number,
  limits: readonly number[] | undefined,
  work: (graph: CrashingPlant) => Promise<T>,
): Promise<GraphRun<T>> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-graph-'))
  // Outside the range from which the system picks ports, as a client would otherwise connect to itself.
  const port = await freePort(10_000 + randomFrom(seed, process.pid).below(20_000))
  const clients = Array.from({ length: clientsOfPlant }, (_, client) => {
    const limit = limits?.[client]
    const own = { id: `client-${client}`, port, publishes: plantPublishes(seed, client) }
    return new ResendingClient(limit === undefined ? { ...own, window: 50 } : { ...own, window: 400, limit })
  })
  const program = programBeside(import.meta.url, './graph-plant')
  const graph = new CrashingPlant({ folder, port, nats: '' }, clients, undefined, false, program)
  try {
    const result = await work(graph)
    await graph.finish()
    return { result, clients, evidence: await gatherEvidence(folder) }
  } finally {
    for (const client of clients) client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
