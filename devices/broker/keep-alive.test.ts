import { expect, test } from 'vitest'
import { systemClock, type WallClock } from '../../lib/time/wall-clock.ts'
import { acknowledgingBroker, connectTo } from '../../test/support/broker-bench.ts'

test('a process that stood still for a minute disconnects nobody, and later only who is silent', async () => {
  let stoodStillMs = 0
  let looks = 0
  const clock: WallClock = {
    now: () => systemClock.now() + stoodStillMs,
    monotonic: () => systemClock.monotonic() + stoodStillMs,
    after: (delay, work) =>
      systemClock.after(delay, () => {
        looks++
        work()
      }),
  }
  const broker = await acknowledgingBroker({ clock })
  const talking = await connectTo(broker, 'talking', { keepalive: 2 })
  const silent = await connectTo(broker, 'silent', { keepalive: 2 })
  stoodStillMs = 60_000
  const before = looks
  await expect.poll(() => looks, { timeout: 5_000 }).toBeGreaterThan(before)
  expect([talking.closed, silent.closed]).toEqual([false, false])
  while (!silent.closed) {
    await talking.ping()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(talking.closed).toBe(false)
})
