import type { DeviationState } from '../lib/processors/deviation.ts'
import type { Pending } from '../lib/processors/pending.ts'
import { readRowEntries } from '../lib/state/rows/journal-row.ts'
import { decodeStateRow } from '../lib/state/rows/state-row.ts'
import type { StateRow, StoreReader } from '../lib/state/store.ts'
import type { WeightedMoments } from '../lib/statistics/exponentially-weighted.ts'
import { type Moments, sampleVariance } from '../lib/statistics/welford.ts'
import type { LatestTime } from '../lib/time/watermark-policy.ts'
import { devicesStage } from './watch-devices.ts'
import type { Reading } from './wire/reading.ts'

/** A device that has published, as the store knows it. */
export interface KnownDevice {
  readonly device: string
  /** Event time of its latest reading, epoch milliseconds. */
  readonly lastSeen: number
  readonly metrics: readonly KnownMetric[]
}

export interface KnownMetric {
  readonly metric: string
  /** The latest reading. */
  readonly value: number
  /** What readings are compared with: those before the watermark, so the latest are not in it yet. */
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}

interface Sight {
  lastSeen: number
  readonly metrics: Map<string, { value: number; time: number; baseline: KnownMetric['baseline'] }>
}

/**
 * Every device watched with `watchDevice`, by name: its saved state, and of what came since the readings. The
 * baseline is of one of the kinds in `lib/statistics`.
 * Reads a store that another process may be writing.
 */
export const knownDevices = (store: StoreReader): KnownDevice[] => {
  const sights = new Map<string, Sight>()
  for (const { actor, rows } of store.actors(devicesStage)) sights.set(actor, savedSight(rows, store))
  for (const row of store.readJournal()) {
    for (const { stage, kind, verdict, actor, event, arrival } of readRowEntries(row)) {
      if (stage !== devicesStage || kind !== 'event' || verdict !== 'accepted') continue
      const sight = sights.get(actor) ?? { lastSeen: Number.NEGATIVE_INFINITY, metrics: new Map() }
      sights.set(actor, sight)
      addReading(sight, event as Reading, arrival)
    }
  }
  return [...sights]
    .map(([device, { lastSeen, metrics }]) => ({
      device,
      lastSeen,
      metrics: [...metrics]
        .map(([metric, { value, baseline }]) => ({ metric, value, baseline }))
        .sort((one, other) => (one.metric < other.metric ? -1 : 1)),
    }))
    .sort((one, other) => (one.device < other.device ? -1 : 1))
}

const nothingLearned = { mean: 0, standardDeviation: 0, count: 0 }

const savedSight = (rows: readonly StateRow[], { shapes }: StoreReader): Sight => {
  const sight: Sight = { lastSeen: Number.NEGATIVE_INFINITY, metrics: new Map() }
  for (const { step, subkey, bytes } of rows) {
    const { state } = decodeStateRow(bytes, shapes)
    if (step === 'time') sight.lastSeen = (state as LatestTime).latest
    if (step !== 'baseline') continue
    const [{ baseline, pending, previous }] = state as [DeviationState<WeightedMoments | Moments>]
    const { count, mean } = baseline
    const variance = 'variance' in baseline ? baseline.variance : sampleVariance(baseline)
    const newest = newestPending(pending)
    sight.metrics.set(subkey, {
      value: newest?.value ?? previous,
      time: newest?.time ?? Number.NEGATIVE_INFINITY,
      baseline: { count, mean, standardDeviation: Math.sqrt(variance) },
    })
  }
  return sight
}

/** A clock that runs ahead does not make its device seen in the future. */
const addReading = (sight: Sight, { metric, value, time }: Reading, arrival: number): void => {
  sight.lastSeen = Math.max(sight.lastSeen, Math.min(time, arrival))
  const known = sight.metrics.get(metric)
  if (!known) sight.metrics.set(metric, { value, time, baseline: nothingLearned })
  else if (time >= known.time) Object.assign(known, { value, time })
}

const newestPending = ({ cells, head, length }: Pending): { time: number; value: number } | undefined => {
  if (length === 0) return undefined
  const place = ((head + length - 1) % (cells.length / 2)) * 2
  return { time: cells[place]!, value: cells[place + 1]! }
}
