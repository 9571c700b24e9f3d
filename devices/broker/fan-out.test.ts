import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { json } from '../formats/json.ts'
import { noCounts } from './broker-counts.ts'
import { FanOut } from './fan-out.ts'
import { Share } from './gate.ts'
import { type BrokerLimits, brokerLimits } from './limits.ts'
import type { Publish } from './publish.ts'
import { Retained } from './retained.ts'
import type { Subscriber } from './subscriber.ts'
import { TopicBook } from './topic-book.ts'

/** Keeps what it is sent. */
class Watcher implements Subscriber {
  destroyed = false
  isBehind = false
  readonly packets: Buffer[] = []
  private messageId = 0
  private readonly costMs: number
  private readonly clock: ReturnType<typeof virtualClock>

  constructor(clock: ReturnType<typeof virtualClock>, costMs = 0) {
    this.clock = clock
    this.costMs = costMs
  }

  deliver(packet: Buffer): void {
    this.packets.push(packet)
    if (this.costMs > 0) this.clock.advance(this.costMs)
  }

  nextMessageId(): number {
    return ++this.messageId
  }
}

const bench = (limits: Partial<BrokerLimits> = {}) => {
  const all = { ...brokerLimits, ...limits }
  const counts = noCounts()
  const clock = virtualClock(0)
  const retained = new Retained(['#'], all)
  const fanOut = new FanOut(all, counts, retained, () => clock.monotonic())
  const topics = new TopicBook(json(), all)
  const publish = (payload: string, qos: Publish['qos'] = 0, topic = 'v1/p/m'): Publish => {
    const name = Buffer.from(topic)
    return {
      topic: topics.find(name, 0, name.length),
      payload: Buffer.from(payload),
      qos,
      retain: false,
      dup: false,
      messageId: qos === 0 ? undefined : 1,
    }
  }
  const retain = (topic: string, payload: string): void => {
    const sender = { clientId: 'x', share: new Share(), named: true, shows: () => false, settle() {} }
    const message = publish(payload, 1, topic)
    retained.keeping(sender, message)!.settle({ ...message, shown: undefined }, true)
  }
  return { fanOut, counts, clock, publish, retain }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const qosOf = (packet: Buffer): number => (packet[0]! >> 1) & 3

test('publishes of different QoS come in their order, each at the lower QoS of publish and subscription', async () => {
  const { fanOut, clock, publish } = bench()
  const watchers = [0, 1, 2].map((qos) => {
    const watcher = new Watcher(clock)
    fanOut.subscribe(watcher, 'v1/#', qos as 0 | 1 | 2)
    return watcher
  })
  for (const [index, qos] of ([2, 0, 1, 2, 0] as const).entries()) fanOut.show(publish(`${index}`, qos))
  await turn()
  for (const [subscribed, { packets }] of watchers.entries()) {
    expect(packets.map((packet) => packet.subarray(-1).toString())).toEqual(['0', '1', '2', '3', '4'])
    expect(packets.map(qosOf)).toEqual([2, 0, 1, 2, 0].map((qos) => Math.min(qos, subscribed)))
  }
})

test('each turn of the event loop sends for a few milliseconds, and the rest in later ones', async () => {
  const { fanOut, clock, publish } = bench()
  const watcher = new Watcher(clock, 1)
  fanOut.subscribe(watcher, 'v1/#', 0)
  for (let count = 0; count < 20; count++) fanOut.show(publish('1'))
  await turn()
  expect(watcher.packets.length).toBeGreaterThan(0)
  expect(watcher.packets.length).toBeLessThan(6)
  for (let turns = 0; watcher.packets.length < 20; turns++) {
    expect(turns).toBeLessThan(10)
    await turn()
  }
})

test('what does not fit into the queue is not shown and counted, and what comes later is shown again', async () => {
  const { fanOut, counts, clock, publish } = bench({ fanOutBytes: 1_500 })
  const watcher = new Watcher(clock)
  fanOut.subscribe(watcher, 'v1/#', 0)
  for (let count = 0; count < 20; count++) fanOut.show(publish('1'))
  await turn()
  expect(watcher.packets.length + counts.notShown).toBe(20)
  expect(counts.notShown).toBeGreaterThan(5)
  const before = watcher.packets.length
  fanOut.show(publish('2'))
  await turn()
  expect(watcher.packets).toHaveLength(before + 1)
})

test('a queue that is never empty keeps its bound and its order', async () => {
  const { fanOut, counts, clock, publish } = bench({ fanOutBytes: 10_000 })
  const watcher = new Watcher(clock, 1)
  fanOut.subscribe(watcher, 'v1/#', 0)
  let shown = 0
  for (let turns = 0; turns < 300; turns++) {
    for (let count = 0; count < 6; count++) fanOut.show(publish(`${shown++}`))
    await turn()
  }
  const numbers = watcher.packets.map((packet) => Number(packet.subarray(-4).toString().replace(/\D/g, '')))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  const waiting = shown - numbers.length - counts.notShown
  expect(waiting).toBeLessThan(10_000 / 128)
  expect(counts.notShown).toBeGreaterThan(100)
})

test('a subscriber that leaves is sent nothing more', async () => {
  const { fanOut, clock, publish } = bench()
  const watcher = new Watcher(clock)
  fanOut.subscribe(watcher, 'v1/#', 1)
  fanOut.show(publish('1', 1))
  fanOut.forget(watcher)
  await turn()
  expect(watcher.packets).toEqual([])
  expect(fanOut.mayReach(publish('1'))).toBe(false)
})

test('retained messages wait for a subscriber that is behind, and keep no other waiting', async () => {
  const { fanOut, clock, retain } = bench()
  for (let count = 0; count < 500; count++) retain(`config/${count}`, 'on')
  const [slow, fast] = [new Watcher(clock), new Watcher(clock)]
  slow.isBehind = true
  fanOut.subscribe(slow, '#', 1)
  fanOut.subscribe(fast, '#', 0)
  for (let turns = 0; turns < 20; turns++) await turn()
  expect(slow.packets).toEqual([])
  expect(fast.packets).toHaveLength(500)
  expect(new Set(fast.packets.map((packet) => packet[0]))).toEqual(new Set([0x31]))
  slow.isBehind = false
  fanOut.resume(slow)
  for (let turns = 0; turns < 20; turns++) await turn()
  expect(slow.packets).toHaveLength(500)
  expect(new Set(slow.packets.map(qosOf))).toEqual(new Set([1]))
})

test('a filter that is subscribed to a thousand times meanwhile is answered once more', async () => {
  const { fanOut, clock, retain } = bench()
  retain('config/a', 'on')
  const watcher = new Watcher(clock)
  for (let count = 0; count < 1_000; count++) fanOut.subscribe(watcher, 'config/#', 0)
  for (let turns = 0; turns < 5; turns++) await turn()
  expect(watcher.packets).toHaveLength(2)
})
