import { expect, test } from 'vitest'
import { acknowledgingBroker, connectTo, openTestBroker } from '../../test/support/broker-bench.ts'
import { HeldDeliveries } from '../../test/support/held-deliveries.ts'

const willOf = (bytes: number) => ({
  ...{ topic: 'v1/press-7/status', payload: Buffer.alloc(bytes, '1') },
  ...{ qos: 1 as const, retain: false },
})

/** Of what is held for all clients together. */
const little = { heldBytes: 200_000, retainedBytes: 1_000, fanOutBytes: 200_000, willBytes: 1_000 }

test('a CONNECT whose will does not fit is refused with code 3, until others have gone', async () => {
  const broker = await openTestBroker({ limits: { willBytes: 25_000 } })
  const held = new HeldDeliveries(broker.readings)
  const answerTo = async (clientId: string) => {
    const client = await connectTo(broker, clientId, { will: willOf(10_000) })
    return { client, code: (client.packets[0] as { returnCode: number }).returnCode }
  }
  const first = await answerTo('first')
  const second = await answerTo('second')
  expect([first.code, second.code, (await answerTo('third')).code]).toEqual([0, 0, 3])
  expect(broker.counts).toMatchObject({ refusedWills: 1, refusedClientIds: 0 })
  const modest = await connectTo(broker, 'modest', { will: willOf(100) })
  await modest.ping()
  // A will that has fired is held until it is durable.
  first.client.close()
  await held.arrived(1)
  expect((await answerTo('fourth')).code).toBe(3)
  held.acknowledge()
  second.client.send({ cmd: 'disconnect' })
  await second.client.until(() => second.client.closed)
  await modest.ping()
  expect((await answerTo('fifth')).code).toBe(0)
  expect((await answerTo('sixth')).code).toBe(0)
})

test('subscribers that do not read are disconnected at the budget of all, the largest first', async () => {
  const broker = await acknowledgingBroker({
    limits: { ...little, memoryBytes: 4_000_000, fanOutBytes: 1_000_000 },
  })
  const subscribers = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const subscriber = await connectTo(broker, `frozen-${index}`)
      subscriber.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'v1/#', qos: 0 }] })
      await subscriber.until(() => subscriber.count('suback') === 1)
      subscriber.socket.pause()
      return subscriber
    }),
  )
  const client = await connectTo(broker, 'busy')
  const payload = Buffer.alloc(20_000, ' ')
  for (let id = 1; broker.counts.disconnectedForMemory === 0; id++) {
    expect(id).toBeLessThan(2_000)
    client.publish('v1/p/m', payload, id)
    await client.until(() => client.acknowledged().length === id)
    await new Promise(setImmediate)
  }
  expect(broker.clients).toBeLessThan(13)
  expect(client.closed).toBe(false)
  for (const subscriber of subscribers) subscriber.close()
})

test('packets that are sent by half are bounded over all clients, and honest clients go on', async () => {
  const broker = await acknowledgingBroker({ limits: { ...little, memoryBytes: 1_000_000 } })
  const honest = await connectTo(broker, 'honest')
  const half = Buffer.concat([Buffer.from([0x30, 0x80, 0x80, 2]), Buffer.alloc(30_000)])
  const clients = await Promise.all(
    Array.from({ length: 60 }, (_, index) => connectTo(broker, `half-${index}`)),
  )
  for (const { socket } of clients) socket.write(half)
  await honest.ping()
  for (let id = 1; broker.counts.disconnectedForMemory === 0; id++) {
    honest.publish('v1/p/m', '1', id)
    await honest.until(() => honest.acknowledged().length === id)
  }
  await honest.ping()
  expect(honest.closed).toBe(false)
  expect(clients.filter(({ closed }) => closed).length).toBeLessThan(60)
})
