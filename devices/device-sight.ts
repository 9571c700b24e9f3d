import type { DeviationState } from '../lib/processors/deviation-state.ts'
import type { PendingValues } from '../lib/processors/pending.ts'
import { decodeActorRow, noProgress } from '../lib/state/rows/actor-row.ts'
import { decodeStateRow } from '../lib/state/rows/state-row.ts'
import type { SavedActor, StoreReader } from '../lib/state/store.ts'
import type { WeightedMoments } from '../lib/statistics/exponentially-weighted.ts'
import { type Moments, sampleVariance } from '../lib/statistics/welford.ts'
import type { Output } from '../lib/time/output.ts'
import type { LatestTime } from '../lib/time/watermark-policy.ts'
import { deviceClock } from './behaviors/watch-device.ts'
import type { KnownDevice, KnownMetric } from './known-device.ts'
import type { Reading } from './wire/reading.ts'

/** What is known of one metric so far, and the event time of its value. */
type MetricSight = { -readonly [Name in keyof Omit<KnownMetric, 'metric'>]: KnownMetric[Name] } & {
  time: number
}

const nothingLearned = { mean: 0, standardDeviation: 0, count: 0 }

/** What a store has of one device: first its saved rows, then reading by reading what the journal has. */
export class DeviceSight {
  /** Of the last turn that the saved rows include. */
  private position = 0
  private watermark = Number.NEGATIVE_INFINITY
  private clock = deviceClock.create() as LatestTime
  private readonly metrics = new Map<string, MetricSight>()

  addSaved({ progress, states }: SavedActor, { shapes }: Pick<StoreReader, 'shapes'>): void {
    const { position, watermark } = progress ? decodeActorRow(progress) : noProgress
    this.position = position
    this.watermark = watermark
    for (const { step, subkey, bytes } of states) {
      const { state } = decodeStateRow(bytes, shapes)
      if (step === 'time') this.clock = state as LatestTime
      if (step === 'baseline') this.metrics.set(subkey, savedMetric(state as SavedDetectors))
    }
  }

  /** Nothing of a reading whose turn is among the saved rows, which the journal may still have. */
  addReading(reading: Reading, position: number, arrival: number): void {
    if (position <= this.position) return
    const { metric, value, time } = reading
    let known = this.metrics.get(metric)
    if (!known) {
      known = { value, time, readings: 0, waiting: 0, baseline: nothingLearned }
      this.metrics.set(metric, known)
    } else if (time >= known.time) {
      known.value = value
      known.time = time
    }
    if (!this.isTaken(reading, arrival)) return
    known.readings++
    known.waiting++
  }

  /** Moves the clock as the device's own turn has. Whether the reading is neither late nor doubtful. */
  private isTaken(reading: Reading, arrival: number): boolean {
    const { watermark } = this
    let isTaken = false
    const out: Output<Reading> = {
      emit({ time }) {
        isTaken = time > watermark
      },
      to() {},
    }
    const advance = (to: number): void => {
      this.watermark = Math.max(watermark, to)
    }
    deviceClock.onEvent(this.clock, reading, out, {
      key: reading.device,
      subkey: '',
      watermark,
      arrival,
      advance,
    })
    return isTaken
  }

  known(device: string): KnownDevice {
    const metrics = [...this.metrics]
      .map(([metric, { time: _, ...known }]) => ({ metric, ...known }))
      .sort((one, other) => (one.metric < other.metric ? -1 : 1))
    return { device, lastSeen: this.clock.latest, metrics }
  }
}

/** The single readings of a metric are judged first, its minutes after them. */
type SavedDetectors = readonly [SavedReadings]

/** A store of an earlier version has states that do not count what they took. */
type SavedReadings = Omit<DeviationState<WeightedMoments | Moments>, 'taken'> & { readonly taken?: number }

const savedMetric = ([saved]: SavedDetectors): MetricSight => {
  const { baseline, pending, previous, taken = baseline.count + pending.length } = saved
  const { count, mean } = baseline
  const variance = 'variance' in baseline ? baseline.variance : sampleVariance(baseline)
  const newest = newestPending(pending)
  return {
    value: newest?.value ?? previous,
    time: newest?.time ?? Number.NEGATIVE_INFINITY,
    readings: taken,
    waiting: pending.length,
    baseline: { mean, standardDeviation: Math.sqrt(variance), count },
  }
}

const newestPending = ({
  cells,
  head,
  length,
}: PendingValues): { time: number; value: number } | undefined => {
  if (length === 0) return undefined
  const place = ((head + length - 1) % (cells.length / 2)) * 2
  return { time: cells[place]!, value: cells[place + 1]! }
}
