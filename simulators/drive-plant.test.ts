import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { minutes, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { drivePlant, type Progress } from './drive-plant.ts'
import { plant } from './plant.ts'
import { payloadOf, topicOf } from './publish.ts'
import { simulatePlant } from './simulate-plant.ts'

let broker: Aedes
let server: Server
let url: string
let sockets: Set<Socket>
let received: { topic: string; payload: string; client: string; dup: boolean }[]
let onPublish = (): void => {}

beforeEach(async () => {
  received = []
  sockets = new Set()
  onPublish = () => {}
  broker = await Aedes.createBroker()
  broker.on('publish', (packet, client) => {
    if (!client) return
    received.push({
      topic: packet.topic,
      payload: String(packet.payload),
      client: client.id,
      dup: packet.dup,
    })
    onPublish()
  })
  server = createServer((socket) => {
    sockets.add(socket)
    broker.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  await new Promise<void>((resolve) => broker.close(resolve))
  for (const socket of sockets) socket.destroy()
  server.close()
})

const never = Number.POSITIVE_INFINITY
const past = (duration: number) =>
  plant({
    start: Date.UTC(2026, 0, 5),
    machines: 20,
    duration,
    outageEvery: never,
    badClockEvery: never,
  })

test('plays all of a past plant, each line in order over one connection', async () => {
  const scene = past(seconds(30))
  const progress = await drivePlant(scene, { url, clock: systemClock, gateways: 5 })
  expect(progress).toMatchObject({ publishes: 600, readings: 2_400, acknowledged: 600, isLive: false })
  const sent = [...simulatePlant(scene)]
  expect(new Set(received.map(({ client }) => client)).size).toBe(2)
  for (const line of ['line-001', 'line-002']) {
    const isOfLine = ({ topic }: { topic: string }) => topic.startsWith(`v1/${line}`)
    expect(received.filter(isOfLine).map(({ topic, payload }) => [topic, payload])).toEqual(
      sent
        .map((publish) => ({ topic: topicOf(publish), payload: payloadOf(publish) }))
        .filter(isOfLine)
        .map(({ topic, payload }) => [topic, payload]),
    )
  }
})

test('goes live when history is over, and stops at once when told to', async () => {
  const scene = plant({ start: Date.now() - minutes(1), machines: 5, faultEvery: never })
  const stop = new AbortController()
  const reports: Progress[] = []
  const driven = drivePlant(scene, {
    url,
    clock: systemClock,
    signal: stop.signal,
    progressEvery: 1,
    onProgress(progress) {
      reports.push(progress)
      if (progress.isLive && progress.time >= Date.now() - 1_000) stop.abort()
    },
  })
  const progress = await driven
  expect(progress.isLive).toBe(true)
  expect(progress.publishes).toBeGreaterThanOrEqual(59 * 5)
  expect(progress.acknowledged).toBe(progress.publishes)
  expect(reports.some(({ isLive }) => !isLive)).toBe(true)
  expect(Math.max(...received.map(({ payload }) => JSON.parse(payload).time))).toBeLessThanOrEqual(Date.now())
})

test('sends again what a broken connection left unacknowledged', async () => {
  const scene = past(minutes(2))
  onPublish = () => {
    if (received.length !== 500) return
    for (const socket of sockets) socket.destroy()
  }
  const progress = await drivePlant(scene, { url, clock: systemClock })
  expect(progress.reconnects).toBeGreaterThan(0)
  expect(progress.acknowledged).toBe(2_400)
  const expected = [...simulatePlant(scene)].map((publish) => topicOf(publish) + payloadOf(publish))
  const distinct = new Set(received.map(({ topic, payload }) => topic + payload))
  expect([...distinct].sort()).toEqual(expected.sort())
  const seen = new Set<string>()
  for (const { topic, payload, dup } of received) {
    if (seen.has(topic + payload)) expect(dup).toBe(true)
    seen.add(topic + payload)
  }
  expect(received.some(({ dup }) => dup)).toBe(true)
})

test('a broker that is not there is an error', async () => {
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const driven = drivePlant(past(seconds(1)), { url: `mqtt://127.0.0.1:${port}`, clock: systemClock })
  await expect(driven).rejects.toThrow(/ECONNREFUSED/)
})
