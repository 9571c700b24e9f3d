import { readRowEntries } from '../lib/state/rows/journal-row.ts'
import type { StoreReader } from '../lib/state/store.ts'
import { DeviceSight } from './device-sight.ts'
import type { KnownDevice } from './known-device.ts'
import { devicesStage } from './watch-devices.ts'
import type { Reading } from './wire/reading.ts'

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
  for (const saved of store.actors(devicesStage)) sightOf(saved.actor).addSaved(saved, store)
  for (const { actor, reading, position, arrival } of journaledReadings(store)) {
    sightOf(actor).addReading(reading, position, arrival)
  }
  return [...sights]
    .map(([device, sight]) => sight.known(device))
    .sort((one, other) => (one.device < other.device ? -1 : 1))
}

/** Whether `device` is one of them, without reading the others. */
export const isKnownDevice = (store: StoreReader, device: string): boolean => {
  if (store.readActor(devicesStage, device).states.length > 0) return true
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
