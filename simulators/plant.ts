import { randomFrom } from '../lib/statistics/random.ts'
import { type Duration, days, minutes, seconds } from '../lib/time/duration.ts'
import type { BadClock } from './bad-clock.ts'
import { badClocks } from './bad-clock.ts'
import type { Fault } from './fault.ts'
import { faultSchedule } from './fault-schedule.ts'
import { type Outage, outages } from './outage.ts'

/** A plant that does not exist. Everything about it follows from these numbers. */
export interface PlantOptions {
  /** Event time of the first reading, epoch milliseconds. */
  readonly start: number
  /** 1 unless given. */
  readonly seed?: number
  /** Each machine has four sensors. 2,500 unless given. */
  readonly machines?: number
  /** 10 unless given. */
  readonly machinesPerLine?: number
  /** Machines are named after their line: `line-001-machine-01`. `line` unless given. */
  readonly lineName?: string
  /** How long readings are made. One day unless given. */
  readonly duration?: Duration
  /** The plant is healthy for this long: time for a baseline to be learned. 30 minutes unless given. */
  readonly healthyFor?: Duration
  /** A fault starts somewhere in the plant this often. One minute unless given, Infinity for never. */
  readonly faultEvery?: Duration
  /** Multiplies the size of spikes, shifts, drifts and noise. 1 unless given. */
  readonly faultScale?: number
  /**
   * The network of a line fails this often, for two to ten minutes. 20 minutes unless given, Infinity for
   * never.
   */
  readonly outageEvery?: Duration
  /**
   * The clock of a machine goes wrong this often, for five minutes. 20 minutes unless given, Infinity for
   * never.
   */
  readonly badClockEvery?: Duration
  /**
   * All machines read and publish at the full second, rather than each at a moment of its own within it.
   * False unless given.
   */
  readonly burst?: boolean
}

/** What there is in a plant, and all that will go wrong in it. */
export interface Plant {
  readonly options: Required<PlantOptions>
  /** Names of the machines, which are the devices. */
  readonly devices: readonly string[]
  /** When within its second each machine reads, in whole milliseconds. */
  readonly phases: readonly Duration[]
  readonly faults: readonly Fault[]
  readonly outages: readonly Outage[]
  readonly badClocks: readonly BadClock[]
}

/** Lays out a plant. Throws a RangeError for numbers no plant can have. */
export function plant(given: PlantOptions): Plant {
  const options = {
    seed: 1,
    machines: 2_500,
    machinesPerLine: 10,
    lineName: 'line',
    duration: days(1),
    healthyFor: minutes(30),
    faultEvery: minutes(1),
    faultScale: 1,
    outageEvery: minutes(20),
    badClockEvery: minutes(20),
    burst: false,
    ...given,
  }
  for (const name of ['machines', 'machinesPerLine'] as const) {
    const count = options[name]
    if (!(Number.isInteger(count) && count > 0))
      throw new RangeError(`${name} must be 1 or more, got ${count}`)
  }
  for (const name of ['faultEvery', 'outageEvery', 'badClockEvery'] as const) {
    const every = options[name]
    if (!(every >= seconds(1))) throw new RangeError(`${name} must be a second or longer, got ${every} ms`)
  }
  const devices = Array.from({ length: options.machines }, (_, number) => nameOf(number, options))
  const lines = Math.ceil(options.machines / options.machinesPerLine)
  return {
    options,
    devices,
    phases: options.burst ? devices.map(() => 0) : phases(devices.length, options.seed),
    faults: faultSchedule(devices, options),
    outages: outages(lines, options),
    badClocks: badClocks(devices, options),
  }
}

function phases(machines: number, seed: number): Duration[] {
  const random = randomFrom(seed, 7)
  return Array.from({ length: machines }, () => random.below(seconds(1)))
}

function nameOf(
  number: number,
  { machinesPerLine, lineName }: { machinesPerLine: number; lineName: string },
): string {
  const line = Math.floor(number / machinesPerLine) + 1
  const machine = (number % machinesPerLine) + 1
  return `${lineName}-${String(line).padStart(3, '0')}-machine-${String(machine).padStart(2, '0')}`
}
