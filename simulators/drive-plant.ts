import { type Duration, seconds } from '../lib/time/duration.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'
import { Gateway } from './gateway.ts'
import { metrics } from './metric.ts'
import { orAborted, pause } from './pause.ts'
import type { Plant } from './plant.ts'
import { payloadOf, topicOf } from './publish.ts'
import { simulatePlant } from './simulate-plant.ts'

/** How far a plant has got. */
export interface Progress {
  readonly publishes: number
  readonly readings: number
  /** Publishes that the broker has acknowledged. */
  readonly acknowledged: number
  readonly reconnects: number
  /** Event time that has been reached. */
  readonly time: number
  /** History is over: what is sent has just happened. */
  readonly isLive: boolean
}

export interface DriveOptions {
  /** Of the broker, `mqtt://localhost:1883`. */
  readonly url: string
  readonly clock: WallClock
  /** Ends the drive: nothing more is sent, and what is sent is given two seconds to be acknowledged. */
  readonly signal?: AbortSignal
  /** Connections that the machines share, a line always on the same. At most 50 unless given. */
  readonly gateways?: number
  /** Publishes a connection may have unacknowledged. 100 unless given. */
  readonly window?: number
  readonly onProgress?: (progress: Progress) => void
  /** One second unless given. */
  readonly progressEvery?: Duration
}

/** A publish this far behind the clock is history. */
const liveWithin = seconds(2)

/**
 * Plays a plant to an MQTT broker. What lies in the past goes out as fast as the broker acknowledges it, the
 * rest when its moment has come: a plant that starts half an hour ago begins with half an hour of history.
 * Resolves when the plant is over or the signal is given; rejects when the broker cannot be reached at first.
 */
export async function drivePlant(plant: Plant, options: DriveOptions): Promise<Progress> {
  const { url, clock, signal, window = 100, onProgress, progressEvery = seconds(1) } = options
  const { seed, lineName, machinesPerLine, start } = plant.options
  const lines = Math.ceil(plant.devices.length / machinesPerLine)
  const count = Math.min(options.gateways ?? 50, lines)
  const opening = Array.from({ length: count }, (_, number) =>
    Gateway.open(url, `${lineName}-${seed}-gateway-${number + 1}`, number, window),
  )
  const gateways = await all(opening)
  let publishes = 0
  let time = start
  let reported = clock.now()

  const progress = (): Progress => ({
    publishes,
    readings: publishes * metrics.length,
    acknowledged: gateways.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    reconnects: gateways.reduce((sum, { reconnects }) => sum + reconnects, 0),
    time,
    isLive: clock.now() - time < liveWithin,
  })

  for (const publish of simulatePlant(plant)) {
    if (signal?.aborted) break
    if (publish.at > time) {
      time = publish.at
      const now = clock.now()
      if (onProgress && now - reported >= progressEvery) {
        reported = now
        onProgress(progress())
      }
      if (time > now) await pause(clock, time - now, signal)
    }
    const gateway = gateways[Math.floor(publish.machine / machinesPerLine) % count]!
    while (gateway.isFull && !signal?.aborted) await orAborted(gateway.acknowledgement(), signal)
    if (signal?.aborted) break
    gateway.send(topicOf(publish), payloadOf(publish))
    publishes++
  }
  await emptied(gateways, clock)
  await Promise.all(gateways.map((gateway) => gateway.close()))
  return progress()
}

/** All gateways or none: those that did open are closed again when another cannot. */
async function all(opening: readonly Promise<Gateway>[]): Promise<Gateway[]> {
  const settled = await Promise.allSettled(opening)
  const gateways = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const refused = settled.find((one) => one.status === 'rejected')
  if (!refused) return gateways
  await Promise.all(gateways.map((gateway) => gateway.close()))
  throw refused.reason
}

/** Resolves when everything is acknowledged, or after two seconds. */
async function emptied(gateways: readonly Gateway[], clock: WallClock): Promise<void> {
  const patience = new AbortController()
  const cancel = clock.after(seconds(2), () => patience.abort())
  for (const gateway of gateways) {
    while (!gateway.isEmpty && !patience.signal.aborted) {
      await orAborted(gateway.acknowledgement(), patience.signal)
    }
  }
  cancel()
}
