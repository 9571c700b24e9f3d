import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { seconds } from '../../lib/time/duration.ts'
import { acknowledgingBroker, connectTo } from '../../test/support/broker-bench.ts'
import { noCounts } from './broker-counts.ts'
import { ConnectRate } from './connect-rate.ts'
import { brokerLimits } from './limits.ts'
import type { Broker } from './open-broker.ts'
import { Reception } from './reception.ts'
import { Refusals } from './refusals.ts'
import { SharedIds } from './shared-ids.ts'

/** A socket that says nothing, from an address of this machine. */
const idleSocket = async (broker: Broker, localAddress: string): Promise<Socket> => {
  const socket = connect({ port: broker.address.port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

const closed = (sockets: readonly Socket[]): boolean[] => sockets.map(({ destroyed }) => destroyed)

test('one idle socket too many closes the oldest of the address that has most of them', async () => {
  const broker = await acknowledgingBroker({ limits: { unauthenticated: 5 } })
  const first = await idleSocket(broker, '127.0.0.2')
  const crowd: Socket[] = []
  for (let count = 0; count < 4; count++) crowd.push(await idleSocket(broker, '127.0.0.3'))
  const [oldest, second] = crowd
  const newest = await idleSocket(broker, '127.0.0.2')
  await once(oldest!, 'close')
  const ofTheCrowd = await idleSocket(broker, '127.0.0.3')
  await once(second!, 'close')
  expect(closed([first, newest, ofTheCrowd, ...crowd])).toEqual([
    false,
    false,
    false,
    true,
    true,
    false,
    false,
  ])
  expect(broker.counts.refusedConnections).toBe(2)
})

test('1,000 idle sockets that are opened again and again keep nobody out', async () => {
  const broker = await acknowledgingBroker({ limits: { connectsBurst: 100_000 } })
  await Promise.all(Array.from({ length: 1_000 }, () => idleSocket(broker, '127.0.0.3')))
  const client = await connectTo(broker, 'press-7')
  expect(client.packets).toMatchObject([{ cmd: 'connack', returnCode: 0 }])
  for (let count = 0; count < 50; count++) await idleSocket(broker, '127.0.0.3')
  client.publish('v1/press-7/temperature', '1', 1)
  await client.until(() => client.acknowledged().length === 1)
  expect(broker.clients).toBe(1)
  // One for the client, whose place is free again once it is accepted, and one for each but the first of 50.
  expect(broker.counts.refusedConnections).toBe(50)
})

test('an address that connects in a loop may use the whole rate, and leaves the reserve to others', () => {
  const clock = virtualClock(0)
  const rate = new ConnectRate({ ...brokerLimits, connectsPerSecond: 100, connectsBurst: 500 })
  const taken = (address: string, tries: number): number => {
    let count = 0
    for (let index = 0; index < tries; index++) if (rate.allows(address, clock.monotonic())) count++
    return count
  }
  expect(taken('10.0.0.1', 1_000)).toBe(450)
  expect(taken('10.0.0.2', 20)).toBe(20)
  clock.advance(seconds(1))
  expect(taken('10.0.0.1', 1_000)).toBeGreaterThan(75)
  clock.advance(seconds(1))
  expect(taken('10.0.0.1', 1_000)).toBe(100)
  expect(taken('10.0.0.2', 10)).toBe(10)
})

test('a connection that the system cannot hand over is refused with the remedy', () => {
  const counts = noCounts()
  const refusals = new Refusals(counts)
  const reasons: string[] = []
  refusals.all.subscribe(({ reason }) => reasons.push(reason))
  const reception = new Reception({
    ...{ limits: brokerLimits, openFiles: 1_024 },
    ...{ clock: virtualClock(0), refusals },
  })
  for (const code of ['EMFILE', 'ENFILE', 'ECONNABORTED'])
    reception.fail(Object.assign(new Error(`accept ${code}`), { code }))
  expect(reasons).toEqual([
    'was refused: accept EMFILE; this process may open 1024 files: raise that with ulimit -n, or LimitNOFILE of systemd',
    'was refused: accept ENFILE; this process may open 1024 files: raise that with ulimit -n, or LimitNOFILE of systemd',
    'could not connect: accept ECONNABORTED',
  ])
  expect(counts).toMatchObject({ outOfDescriptors: 2, refusedConnections: 1 })
})

test('an id is shared from the third take-over within a minute on', () => {
  const ids = new SharedIds()
  const at = (...times: number[]): boolean[] => times.map((time) => ids.takeOver('ESP32', seconds(time)))
  expect(at(0, 10, 20, 69, 81)).toEqual([false, false, true, true, false])
  expect(ids.takeOver('another', seconds(81))).toBe(false)
})
