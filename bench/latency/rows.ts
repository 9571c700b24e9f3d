import { evenTraffic, plantTraffic, type Traffic } from './traffic.ts'

/** What must hold of a row; what is only aimed at is beside it and does not fail the command. */
export interface Bounds {
  readonly p99_ms?: number
  readonly cpu_us_per_publish?: number
  readonly mb_per_minute?: number
}

/** One load at which latencies are measured. */
export interface Row {
  readonly name: string
  readonly perSecond: number
  /** The broker has one core to itself, as in `bench:ingest`; otherwise it shares all with the load. */
  readonly onOneCore: boolean
  readonly bounds: Bounds
  readonly aims: Bounds
  traffic(port: number): Promise<Traffic>
}

const even = (perSecond: number, bounds: Bounds, aims: Bounds = {}): Row => ({
  name: `${perSecond}/s`,
  perSecond,
  onOneCore: false,
  bounds,
  aims,
  traffic: (port) => evenTraffic(port, perSecond),
})

export const rows: readonly Row[] = [
  {
    name: 'plant',
    perSecond: 2_500,
    onOneCore: false,
    bounds: { p99_ms: 50, mb_per_minute: 600 },
    aims: { p99_ms: 10, mb_per_minute: 150 },
    traffic: (port) => plantTraffic(port, 60),
  },
  even(10_000, { p99_ms: 15, mb_per_minute: 400 }, { p99_ms: 10, mb_per_minute: 150 }),
  even(25_000, { cpu_us_per_publish: 15 }),
  even(30_000, {}),
  { ...even(75_000, { p99_ms: 100 }), name: 'half', onOneCore: true },
]
