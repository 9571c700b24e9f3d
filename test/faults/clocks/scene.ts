import { type Duration, days, minutes } from '../../../lib/time/duration.ts'
import { type BadClock, type BadClockKind, badClockKinds } from '../../../simulators/bad-clock.ts'
import type { Outage } from '../../../simulators/outage.ts'
import { type Plant, plant } from '../../../simulators/plant.ts'

export interface SceneOptions {
  /** Epoch milliseconds, a whole second. */
  readonly start: number
  readonly seed: number
  /** How long the network of most machines is down. */
  readonly outage: Duration
  /** Machines whose network fails, in tens. */
  readonly cutOff: number
  /** How long waits are measured: once before any clock is bad, and as long again with bad ones. */
  readonly measured: Duration
}

/** Who has which bad clock: five of each, one that steps back, and four that have stood still. */
const kindOf = (machine: number): BadClockKind | 'stopped' =>
  machine < 15 ? badClockKinds[Math.floor(machine / 5)]! : machine === 15 ? 'stepping' : 'stopped'

const machinesPerLine = 10
/** Two lines of machines with bad clocks stand first, so that everybody else waits behind them. */
const badLines = 2

/**
 * How far a clock is behind that went on from where it stood when its machine was switched off. Nobody can
 * tell that from history, and then it is set right.
 */
export const stoodStill = days(30)

/**
 * A plant of healthy machines, and all that happens to its clocks: calm, an outage of most lines, calm again,
 * then the bad clocks, and calm.
 */
export function scene({ start, seed, outage: length, cutOff, measured }: SceneOptions) {
  const cutLines = cutOff / machinesPerLine
  const lines = badLines + cutLines + Math.ceil(cutLines / 4)
  const outageStart = start + minutes(2)
  const outageEnd = outageStart + length
  const calmFrom = outageEnd + minutes(2)
  const badFrom = calmFrom + measured
  const badUntil = badFrom + measured / 2
  const goodFrom = badFrom + measured
  const end = goodFrom + minutes(2)
  const healthy = plant({
    seed,
    start,
    machines: lines * machinesPerLine,
    machinesPerLine,
    duration: end - start,
    healthyFor: end - start,
    faultEvery: Number.POSITIVE_INFINITY,
    outageEvery: Number.POSITIVE_INFINITY,
    badClockEvery: Number.POSITIVE_INFINITY,
    // The scene is played second by second.
    burst: true,
  })
  const outages = Array.from(
    { length: cutLines },
    (_, number): Outage => ({ line: badLines + number, start: outageStart, end: outageEnd }),
  )
  const badClocks = healthy.devices
    .slice(0, badLines * machinesPerLine)
    .flatMap((device, machine): BadClock[] => {
      const kind = kindOf(machine)
      return kind === 'stopped' ? [] : [{ device, kind, start: badFrom, end: badUntil }]
    })
  const whole: Plant = { ...healthy, outages, badClocks }
  const bad = new Set(healthy.devices.slice(0, badLines * machinesPerLine))
  const direct = Array.from({ length: 5 }, (_, number) => `direct-${number + 1}`)
  return {
    plant: whole,
    /** The machines whose clock has stood still: their timers keep them busy for long. */
    stopped: healthy.devices.filter((_, machine) => kindIn(machine) === 'stopped'),
    /** Five devices that come without MQTT and JSON, so that nobody recognises their nanoseconds. */
    direct,
    isBad: (device: string): boolean => bad.has(device) || direct.includes(device),
    /** These start up with a bad clock, so that it is the first that is known of them. */
    beginsWithBadClock: (machine: number): boolean => ['unset', 'stopped'].includes(kindIn(machine) ?? ''),
    lines,
    lineOf: (machine: number): number => Math.floor(machine / machinesPerLine),
    kindOf: kindIn,
    moments: { outageStart, outageEnd, calmFrom, badFrom, badUntil, goodFrom },
  }
}

/** Undefined for a clock that is always right. */
const kindIn = (machine: number) => (machine < badLines * machinesPerLine ? kindOf(machine) : undefined)

export type Scene = ReturnType<typeof scene>
