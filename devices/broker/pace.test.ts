import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { hours, milliseconds } from '../../lib/time/duration.ts'
import { acknowledgingBroker, connectTo } from '../../test/support/broker-bench.ts'
import { noCounts } from './broker-counts.ts'
import { brokerLimits } from './limits.ts'
import { openBroker } from './open-broker.ts'
import { paceMaker } from './pace.ts'

const elapsed = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

test('a client faster than its rate is slowed down to it, in order and without loss; another is not', async () => {
  const broker = await acknowledgingBroker({ limits: { publishesPerSecond: 500, publishesBurst: 50 } })
  const [fast, modest] = [await connectTo(broker, 'fast'), await connectTo(broker, 'modest')]
  const took = await elapsed(async () => {
    for (let id = 1; id <= 400; id++) fast.publish('v1/fast/count', `${id}`, id)
    await fast.until(() => fast.acknowledged().length >= 60)
    const answered = await elapsed(async () => {
      modest.publish('v1/modest/count', '1', 1)
      await modest.until(() => modest.acknowledged().length === 1)
    })
    expect(answered).toBeLessThan(500)
    await fast.until(() => fast.acknowledged().length === 400)
  })
  expect(fast.acknowledged()).toEqual(Array.from({ length: 400 }, (_, at) => at + 1))
  expect(took).toBeGreaterThanOrEqual(((400 - 50) / 500) * 1_000 - 50)
  expect(broker.counts).toMatchObject({ received: 401, acknowledged: 401, unacknowledged: 0 })
  expect(broker.counts.slowedDown).toBeGreaterThan(0)
})

test('publishes of QoS 2 keep the pace as well', async () => {
  const broker = await acknowledgingBroker({ limits: { publishesPerSecond: 100, publishesBurst: 5 } })
  const device = await connectTo(broker, 'careful')
  const took = await elapsed(async () => {
    for (let id = 1; id <= 25; id++) device.publish('v1/careful/count', `${id}`, id, { qos: 2 })
    await device.until(() => device.count('pubrec') === 25)
  })
  expect(took).toBeGreaterThanOrEqual(150)
})

test('the socket of a client that waits is not read, so that it has to wait with the rest', async () => {
  const broker = await acknowledgingBroker({ limits: { publishesPerSecond: 1, publishesBurst: 10 } })
  const device = await connectTo(broker, 'flood', { keepalive: 1 })
  const payload = Buffer.alloc(50_000, ' ')
  for (let id = 1; id <= 400; id++) device.publish('v1/flood/text', payload, id)
  await device.until(() => device.acknowledged().length === 10)
  // 20 MB do not fit between here and there: what is not read stays with the client.
  expect(device.socket.writableLength).toBeGreaterThan(5_000_000)
  const received = broker.counts.received
  // Longer than its keep-alive allows: it is not read, so it is not silent.
  await device.until(() => device.acknowledged().length === 13 || device.closed)
  expect(device.closed).toBe(false)
  expect(broker.counts.received - received).toBeLessThan(10)
}, 15_000)

test('a client that leaves while it waits leaves nothing behind', async () => {
  const broker = await acknowledgingBroker({ limits: { publishesPerSecond: 0.001, publishesBurst: 1 } })
  const device = await connectTo(broker, 'gone')
  for (let id = 1; id <= 3; id++) device.publish('v1/gone/count', `${id}`, id)
  await device.until(() => device.acknowledged().length === 1)
  device.socket.resetAndDestroy()
  const other = await connectTo(broker, 'other')
  while (broker.clients > 1) await other.ping()
  expect(broker.counts.received).toBe(1)
})

test('a rate at which nobody could publish is refused when the broker is opened', async () => {
  for (const limits of [{ publishesPerSecond: 0 }, { publishesPerSecond: 1, publishesBurst: 0 }]) {
    await expect(openBroker({ port: 0, limits })).rejects.toThrow(/limits: publishesPerSecond .* nobody/)
  }
})

test('the time of day may be set: nobody waits longer for it, and nobody may burst', () => {
  const clock = virtualClock(Date.UTC(2026, 5, 1))
  const limits = { ...brokerLimits, publishesPerSecond: 10, publishesBurst: 1 }
  const pace = paceMaker(limits, clock, noCounts())!()
  const turns: number[] = []
  const connection = { advance: () => void turns.push(clock.monotonic()) }
  const publish = (): void => {
    expect(pace.allows(connection)).toBe(true)
    pace.spend()
    expect(pace.allows(connection)).toBe(false)
  }
  publish()
  clock.set(clock.now() - hours(1))
  clock.advance(milliseconds(100))
  publish()
  clock.set(clock.now() + hours(2))
  clock.advance(milliseconds(99))
  expect(turns).toEqual([100])
  clock.advance(milliseconds(1))
  publish()
})
