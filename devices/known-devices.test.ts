import { expect, test } from 'vitest'
import { lmdbStore } from '../lib/state/lmdb-store.ts'
import { seconds } from '../lib/time/duration.ts'
import { runActors } from '../test/support/running-actors.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { watchDevice } from './behaviors/watch-device.ts'
import { isKnownDevice, knownDevices } from './known-devices.ts'
import { devicesStage } from './watch-devices.ts'
import type { Reading } from './wire/reading.ts'

const start = Date.UTC(2026, 0, 5)
const reading = (second: number, value: number): Reading => ({
  device: 'press-7',
  metric: 'power',
  value,
  time: start + seconds(second),
})

const watched = (folder: string) => {
  const store = lmdbStore(folder)
  return {
    store,
    ...runActors({ key: ({ device }: Reading) => device, behavior: watchDevice, store, name: devicesStage }),
  }
}

test('what is learned and what waits to be is counted, in the journal alone as once it is saved', async () => {
  const folder = temporaryFolder()
  const first = watched(folder)
  expect(isKnownDevice(first.store, 'press-7')).toBe(false)
  await first.send(reading(0, 20))
  await first.send(reading(100, 21), reading(110, 22))
  // Behind the watermark, and of a clock that was never set: nobody learns from them.
  await first.send(reading(10, 90), { ...reading(0, 91), time: 0 })
  const power = { metric: 'power', readings: 3, waiting: 3 }
  expect(knownDevices(first.store)).toMatchObject([{ device: 'press-7', metrics: [power] }])
  expect(isKnownDevice(first.store, 'press-7')).toBe(true)
  expect(isKnownDevice(first.store, 'press-8')).toBe(false)
  await first.stop()
  const saved = { ...power, waiting: 2, value: 22, baseline: { count: 1, mean: 20, standardDeviation: 0 } }
  expect(knownDevices(first.store)).toEqual([
    { device: 'press-7', lastSeen: start + seconds(110), metrics: [saved] },
  ])
  expect(isKnownDevice(first.store, 'press-7')).toBe(true)
  await first.store.close()

  const second = watched(folder)
  await second.send(reading(120, 23))
  expect(knownDevices(second.store)).toMatchObject([{ metrics: [{ value: 23, readings: 4 }] }])
  await second.stop()
  await second.store.close()
})

test('readings counts what was taken, also what an open episode keeps out of the baseline', async () => {
  const { store, send, stop } = watched(temporaryFolder())
  const wrong = (second: number): boolean => second >= 200 && second < 250
  for (let second = 0; second < 300; second++)
    await send(reading(second, wrong(second) ? 90 : 20 + (second % 3)))
  // A silence after which the baseline learns again from the beginning.
  await send(reading(100_000, 20), reading(100_100, 20))
  await stop()
  const [device] = knownDevices(store)
  const [power] = device!.metrics
  expect(power!.readings).toBe(302)
  expect(power!.baseline.count + power!.waiting).toBeLessThan(252)
  await store.close()
})
