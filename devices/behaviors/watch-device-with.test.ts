import { expect, test } from 'vitest'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { exponentiallyWeighted } from '../../lib/statistics/exponentially-weighted.ts'
import { randomFrom } from '../../lib/statistics/random.ts'
import { rollingWelford } from '../../lib/statistics/rolling-welford.ts'
import { minutes } from '../../lib/time/duration.ts'
import { runActors } from '../../test/support/running-actors.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { knownDevices } from '../known-devices.ts'
import { devicesStage } from '../watch-devices.ts'
import type { Anomaly } from '../wire/anomaly.ts'
import type { Reading } from '../wire/reading.ts'
import { watchDevice } from './watch-device.ts'
import { watchDeviceWith } from './watch-device-with.ts'

const baselines = {
  lately: rollingWelford({ over: minutes(10), panes: 10 }),
  quick: exponentiallyWeighted(60),
}
const chosen = watchDeviceWith({
  baselines,
  baselineOf(metric) {
    if (metric === 'temperature') return 'lately'
    return metric === 'vibration' ? 'quick' : undefined
  },
})

const day = Date.UTC(2026, 0, 5)

/** Half an hour at a reading a second of each metric, from `since` seconds on, with the store in `folder`. */
async function halfAnHour(folder: string, behavior: Behavior<Reading, Anomaly>, since: number) {
  const store = lmdbStore(folder)
  const { send, stop, outcomes } = runActors({
    key: ({ device }: Reading) => device,
    behavior,
    store,
    name: devicesStage,
  })
  const random = randomFrom(since)
  for (let second = since; second < since + 1_800; second += 60) {
    const readings = Array.from({ length: 60 }, (_, index) =>
      ['temperature', 'vibration', 'power'].map((metric) => ({
        device: 'press-7',
        metric,
        value: 20 + random.normal(),
        time: day + (second + index) * 1_000,
      })),
    )
    await send(...readings.flat())
  }
  await stop()
  const [device] = knownDevices(store)
  await store.close()
  const known = Object.fromEntries(device!.metrics.map(({ metric, baseline }) => [metric, baseline]))
  return { known, asides: outcomes.flatMap(({ asides }) => asides) }
}

test('metrics of one device are compared with different baselines', async () => {
  const { known, asides } = await halfAnHour(temporaryFolder(), chosen, 0)
  expect(asides).toEqual([])
  // The readings of the last half minute are not behind the watermark yet; temperature comes first.
  expect(known['power']!.count).toBe(1_769)
  expect(known['vibration']!.count).toBe(1_769)
  expect(known['temperature']!.count).toBe(628)
  for (const { mean, standardDeviation } of Object.values(known)) {
    expect(Math.abs(mean - 20)).toBeLessThan(0.5)
    expect(Math.abs(standardDeviation - 1)).toBeLessThan(0.4)
  }
})

test('a metric that is given another baseline begins anew, and the others go on', async () => {
  const folder = temporaryFolder()
  const first = await halfAnHour(folder, watchDevice, 0)
  expect(first.known['temperature']!.count).toBe(1_768)
  const second = await halfAnHour(folder, chosen, 1_800)
  expect(second.asides).toEqual([])
  expect(second.known['power']!.count).toBe(3_569)
  expect(second.known['vibration']!.count).toBe(1_769)
  expect(second.known['temperature']!.count).toBe(628)
  const third = await halfAnHour(folder, watchDevice, 3_600)
  expect(third.asides).toEqual([])
})

test('a name that stands for no baseline is a mistake when it is compiled', () => {
  // @ts-expect-error: there is no baseline of that name.
  expect(() => watchDeviceWith({ baselines, baselineOf: () => 'slow' })).not.toThrow()
})
