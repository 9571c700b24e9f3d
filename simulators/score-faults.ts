import type { Anomaly } from '../devices/wire/anomaly.ts'
import { type Duration, minutes } from '../lib/time/duration.ts'
import { type Fault, type FaultKind, faultKinds } from './fault.ts'

/** An anomaly, and when it was seen. */
export interface Sighting {
  readonly anomaly: Anomaly
  /** Epoch milliseconds, on the clock by which the plant sends. */
  readonly at: number
}

export interface KindScore {
  readonly faults: number
  readonly caught: number
  readonly medianSecondsToCatch: number
}

/** How well a plant was watched. */
export interface FaultScore {
  /** Faults that had begun before the end of watching and could have been seen. */
  readonly faults: number
  readonly caught: number
  /** Caught ÷ faults, 1 when there were none. */
  readonly caughtRatio: number
  /** From the first wrong reading to the first anomaly seen, over the faults that were caught. */
  readonly medianSecondsToCatch: number
  readonly ninetiethPercentileSecondsToCatch: number
  /** Episodes opened that no fault explains, withdrawn ones too: they reached a person. */
  readonly falseAlarms: number
  readonly falseAlarmsPerMinute: number
  readonly byKind: Readonly<Record<FaultKind, KindScore>>
}

export interface WatchedTime {
  /** When watching began and ended, epoch milliseconds. */
  readonly from: number
  readonly until: number
  /**
   * How long after the end of a fault an anomaly still counts as caused by it: a window, a watermark. Two and
   * a half minutes unless given.
   */
  readonly grace?: Duration
  /**
   * How long after its start a fault must at least have been watched to be counted, unless it was caught. As
   * `grace`.
   */
  readonly patience?: Duration
}

/**
 * Compares what was wrong with what was reported. A fault is caught by any episode of its device and metric
 * that opens while it lasts or within `grace` of its end. An episode that matches no fault is a false alarm,
 * once, however many changes it reports.
 */
export function scoreFaults(
  faults: readonly Fault[],
  sightings: Iterable<Sighting>,
  { from, until, grace = minutes(2.5), patience = grace }: WatchedTime,
): FaultScore {
  const watched = faults.filter(({ start }) => start >= from && start < until)
  const bySensor = new Map<string, Fault[]>()
  for (const fault of watched) {
    const sensor = sensorOf(fault.device, fault.metric)
    bySensor.set(sensor, [...(bySensor.get(sensor) ?? []), fault])
  }
  const caughtAfter = new Map<Fault, number>()
  const falseEpisodes = new Set<string>()
  for (const { anomaly, at } of sightings) {
    if (anomaly.phase !== 'opened') continue
    const { device, metric, time, since, detector } = anomaly
    const fault = bySensor
      .get(sensorOf(device, metric))
      ?.find(({ start, end }) => time >= start && time < end + grace)
    if (!fault) falseEpisodes.add(JSON.stringify([device, metric, detector, since]))
    else
      caughtAfter.set(fault, Math.min(caughtAfter.get(fault) ?? Number.POSITIVE_INFINITY, at - fault.start))
  }
  const judged = watched.filter((fault) => caughtAfter.has(fault) || fault.start + patience <= until)
  const seconds = secondsIn([...caughtAfter.values()])
  const minutesWatched = (until - from) / minutes(1)
  return {
    faults: judged.length,
    caught: caughtAfter.size,
    caughtRatio: judged.length === 0 ? 1 : caughtAfter.size / judged.length,
    medianSecondsToCatch: quantile(seconds, 0.5),
    ninetiethPercentileSecondsToCatch: quantile(seconds, 0.9),
    falseAlarms: falseEpisodes.size,
    falseAlarmsPerMinute: minutesWatched > 0 ? falseEpisodes.size / minutesWatched : 0,
    byKind: Object.fromEntries(
      faultKinds.map((kind) => {
        const ofKind = judged.filter((fault) => fault.kind === kind)
        const after = ofKind.flatMap((fault) => caughtAfter.get(fault) ?? [])
        const medianSecondsToCatch = quantile(secondsIn(after), 0.5)
        return [kind, { faults: ofKind.length, caught: after.length, medianSecondsToCatch }]
      }),
    ) as FaultScore['byKind'],
  }
}

const sensorOf = (device: string, metric: string): string => JSON.stringify([device, metric])

const secondsIn = (lengths: readonly Duration[]): number[] =>
  lengths.map((length) => Math.max(0, length) / 1_000).sort((one, other) => one - other)

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
