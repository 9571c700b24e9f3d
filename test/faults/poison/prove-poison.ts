import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleAt } from '../../../bench/engine/samples.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { medianCost } from './cost.ts'
import { isGuest, namesWith } from './guests.ts'
import { Pipeline, type Spent } from './pipeline.ts'

export interface PoisonOptions {
  /** 10,000 unless given; one in a hundred is a guest. */
  readonly devices?: number
  /** Rounds measured, 12 unless given, after one to warm up. Each has guests of its own. */
  readonly rounds?: number
  /** Turns of each pipeline in a round, 8 unless given. */
  readonly turns?: number
  /** Readings a device makes in a turn, 10 unless given. */
  readonly readingsEach?: number
  readonly say?: (line: string) => void
}

/** Costs from here on are not bearable. */
const bearablePercent = 5

/**
 * The same load through two pipelines in turns, one with poisoned guests and one with healthy ones, and what
 * the poison costs the others. docs/faults.md explains the figures.
 */
export const provePoison = async (options: PoisonOptions = {}) => {
  const { devices = 10_000, rounds = 12, turns = 8, readingsEach = 10, say = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-poison-'))
  const stores = ['healthy', 'poisoned'].map((name) => lmdbStore(join(folder, name)))
  const healthy = new Pipeline(stores[0]!, false)
  const poisoned = new Pipeline(stores[1]!, true)
  const { deadLetters } = poisoned
  const measured: { healthy: Spent; poisoned: Spent }[] = []
  const samples = devices * readingsEach
  let poisonReadings = 0
  for (let turn = 0; turn < (rounds + 1) * turns; turn++) {
    const round = Math.floor(turn / turns)
    const names = namesWith(devices, round)
    const [from, to] = [turn * samples, (turn + 1) * samples]
    for (let index = from; index < to; index++) {
      const sample = sampleAt(names, index)
      if (!isGuest(sample.sensor)) continue
      deadLetters.expect(sample)
      poisonReadings++
    }
    // Whoever comes second finds disk and heap as the first has left them, so they change places.
    const first = turn % 2 === 0 ? await healthy.turn(names, from, to) : undefined
    const poison = await poisoned.turn(names, from, to)
    const health = first ?? (await healthy.turn(names, from, to))
    const before = measured[round]
    measured[round] = before
      ? { healthy: both(before.healthy, health), poisoned: both(before.poisoned, poison) }
      : { healthy: health, poisoned: poison }
    if ((turn + 1) % turns === 0) say(`round ${round || '0, to warm up'}: ${wordsFor(measured[round])}`)
  }
  await Promise.all([healthy.complete(), poisoned.complete()])
  await Promise.all(stores.map((store) => store.close()))
  rmSync(folder, { recursive: true })

  const cost = medianCost(measured.slice(1))
  const letters = {
    poison_readings: poisonReadings,
    dead_letters: deadLetters.count,
    thrown: deadLetters.thrown,
    missing_dead_letters: deadLetters.missing,
    wrong_dead_letters: deadLetters.wrong + healthy.deadLetters.count,
  }
  const others_equal = poisoned.othersResults === healthy.othersResults
  const isComplete =
    others_equal &&
    letters.dead_letters === poisonReadings &&
    deadLetters.missing + letters.wrong_dead_letters === 0
  const size = { devices, poisoned: devices / 100, rounds, readings_a_round: samples * turns }
  return {
    isComplete,
    proof: {
      ...size,
      ...cost,
      ...letters,
      others_equal,
      holds: isComplete && cost.cost_percent < bearablePercent,
    },
  }
}

const both = (one: Spent, other: Spent): Spent => ({
  readings: one.readings + other.readings,
  seconds: one.seconds + other.seconds,
  cpuMicros: one.cpuMicros + other.cpuMicros,
})

const wordsFor = ({ healthy, poisoned }: { healthy: Spent; poisoned: Spent }): string =>
  `${perSecond(healthy)}/s with healthy guests, ${perSecond(poisoned)}/s with poisoned ones`

const perSecond = ({ readings, seconds }: Spent): number => Math.round(readings / seconds)
