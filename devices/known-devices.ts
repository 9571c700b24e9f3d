import { readRowEntries } from '../lib/state/rows/journal-row.ts'
import type { StoreReader } from '../lib/state/store.ts'
import { DeviceSight } from './device-sight.ts'
import { devicesStage } from './watch-devices.ts'
import type { Reading } from './wire/reading.ts'

/** A device that has published, as the store knows it. */
export interface KnownDevice {
  readonly device: string
  /** Event time of its latest reading that can be trusted, epoch milliseconds; −Infinity when none can. */
  readonly lastSeen: number
  readonly metrics: readonly KnownMetric[]
}

export interface KnownMetric {
  readonly metric: string
  /** The latest reading. */
  readonly value: number
  /** Readings that the baseline has learned from, and those that wait to be before the watermark. */
  readonly readings: number
  /** What readings are compared with: those before the watermark, so the latest are not in it yet. */
  readonly baseline: { readonly mean: number; readonly standardDeviation: number; readonly count: number }
}

/**
 * Every device watched with `watchDevice`, by name: its saved state, and of what came since the readings. The
 * baseline is of one of the kinds in `lib/statistics`.
 * Reads a store that another process may be writing.
 */
export const knownDevices = (store: StoreReader): KnownDevice[] => {
  const sights = new Map<string, DeviceSight>()
  const sightOf = (device: string): DeviceSight => {
    const sight = sights.get(device) ?? new DeviceSight()
    sights.set(device, sight)
    return sight
  }
  for (const { actor, rows } of store.actors(devicesStage)) sightOf(actor).addRows(rows, store)
  for (const { actor, reading, position, arrival } of journaledReadings(store)) {
    sightOf(actor).addReading(reading, position, arrival)
  }
  return [...sights]
    .map(([device, sight]) => sight.known(device))
    .sort((one, other) => (one.device < other.device ? -1 : 1))
}

/** Whether `device` is one of them, without reading the others. */
export const isKnownDevice = (store: StoreReader, device: string): boolean => {
  if (store.readStates(devicesStage, device).length > 0) return true
  for (const { actor } of journaledReadings(store)) if (actor === device) return true
  return false
}

/** Those that some turn has accepted, in the order of arrival, as far back as the journal goes. */
function* journaledReadings(store: StoreReader) {
  for (const row of store.readJournal()) {
    for (const { stage, kind, verdict, actor, event, position, arrival } of readRowEntries(row)) {
      if (stage !== devicesStage || kind !== 'event' || verdict !== 'accepted') continue
      yield { actor, reading: event as Reading, position, arrival }
    }
  }
}
