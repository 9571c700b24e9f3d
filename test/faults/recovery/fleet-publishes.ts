import { hours } from '../../../lib/time/duration.ts'
import type { PlantPublish } from '../crash/plant-publishes.ts'

export interface FleetShare {
  readonly devices: number
  readonly clients: number
  /** Number of the client, from 0. Its devices are `client`, `client + clients`, … */
  readonly client: number
  /** Epoch milliseconds at which the run begins. */
  readonly now: number
}

/** What one client of a fleet publishes: its devices in turn, each one reading a second of event time. */
export function* fleetPublishes({
  devices,
  clients,
  client,
  now,
}: FleetShare): Generator<PlantPublish, never> {
  const start = now - hours(72)
  for (let round = 0; ; round++) {
    for (let device = client; device < devices; device += clients) {
      const name = `r-${device}`
      const value = (20 + ((device * 7 + round * 13) % 100) / 100).toFixed(2)
      const payload = `{"ts":${start + round * 1_000},"m":${value}}`
      yield { topic: `v1/${name}`, payload, device: name, sequences: [round + 1] }
    }
  }
}
