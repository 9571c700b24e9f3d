import { jetstream } from '@nats-io/jetstream'
import { firstValueFrom, type Subscription, take, toArray } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { actors } from '../actors/actors.ts'
import type { Behavior } from '../actors/behavior.ts'
import type { Delivery } from '../actors/delivery.ts'
import type { Timed } from '../time/timed.ts'
import { fromJetStream, type JetStreamSourceOptions } from './from-jetstream.ts'
import { subjectUnder } from './subject-under.ts'
import { toJetStream } from './to-jetstream.ts'

const bench = alarmBench()
const { eventually, numbers, openStore } = bench

interface Count extends Timed {
  readonly number: number
}

const filled = async (last: number): Promise<void> => {
  await bench.manager.streams.delete('counts').catch(() => {})
  await bench.manager.streams.add({ name: 'counts', subjects: ['count.>'] })
  onTestFinished(async () => void (await bench.manager.streams.delete('counts').catch(() => {})))
  const client = jetstream(bench.admin)
  for (let number = 1; number <= last; number++) {
    await client.publish(`count.${number % 2}`, JSON.stringify({ data: { number, time: number } }), {
      msgID: `m${number}`,
    })
  }
}

const source = (options: Partial<JetStreamSourceOptions<Count>> = {}) =>
  fromJetStream<Count>(bench.nats, { stream: 'counts', durable: 'reader', ...options })

test('messages arrive in order with a receipt, and acknowledging moves the durable place', async () => {
  await filled(5)
  const deliveries = await firstValueFrom(source().pipe(take(5), toArray()))
  expect(deliveries.map(({ values }) => values[0]?.number)).toEqual(upTo(5))
  expect(deliveries[2]?.receipt).toMatchObject({
    sender: expect.stringMatching(/^counts\/reader /),
    number: 3,
    resent: true,
  })
  for (const delivery of deliveries) delivery.duty.ack()
  await eventually(async () => {
    expect((await bench.manager.consumers.info('counts', 'reader')).ack_floor.stream_seq).toBe(5)
  })
})

test('what was not acknowledged comes again with the same receipt', async () => {
  await filled(2)
  const first: Delivery<Count>[] = await firstValueFrom(source({ ackWithin: 200 }).pipe(take(2), toArray()))
  first[0]?.duty.ack()
  const again = await firstValueFrom(source())
  expect(again.receipt).toEqual(first[1]?.receipt)
  expect(again.values).toEqual(first[1]?.values)
})

test('no more than inFlight are handed over before the first is acknowledged', async () => {
  await filled(20)
  const taken: Delivery<Count>[] = []
  const subscription: Subscription = source({ inFlight: 4 }).subscribe((delivery) => taken.push(delivery))
  onTestFinished(() => subscription.unsubscribe())
  await eventually(() => expect(taken).toHaveLength(4))
  await eventually(async () => {
    const { num_ack_pending } = await bench.manager.consumers.info('counts', 'reader')
    expect(num_ack_pending).toBe(4)
  })
  expect(taken).toHaveLength(4)
  for (let next = 0; next < 20; next++) {
    await eventually(() => expect(taken.length).toBeGreaterThan(next))
    taken[next]?.duty.ack()
  }
  expect(taken.map(({ values }) => values[0]?.number)).toEqual(upTo(20))
})

test('a limit beyond what redeliveries are remembered for is refused', async () => {
  await expect(firstValueFrom(source({ inFlight: 2_000 }))).rejects.toThrow(
    'inFlight: 2000 is not from 1 to 1024',
  )
})

test('a message that cannot be read is a dead letter to be acknowledged like any other', async () => {
  await filled(0)
  await jetstream(bench.admin).publish('count.x', 'not JSON')
  await jetstream(bench.admin).publish('count.x', '{"value":1}')
  const [garbled, plain] = await firstValueFrom(source().pipe(take(2), toArray()))
  expect(garbled).toMatchObject({
    values: [],
    asides: [
      { tag: 'dead', value: { subject: 'count.x', sequence: 1, bytes: 8, beginning: 'bm90IEpTT04=' } },
    ],
  })
  expect(plain?.asides[0]?.reason).toContain('give decode for other formats')
})

test('own formats and subjects can be read', async () => {
  await filled(6)
  const odd = source({
    subjects: ['count.1'],
    decode: ({ id, sequence }) => [{ number: sequence, time: Number(id.slice(1)) }],
  })
  const deliveries = await firstValueFrom(odd.pipe(take(3), toArray()))
  expect(deliveries.map(({ values }) => values)).toEqual(
    [1, 3, 5].map((number) => [{ number, time: number }]),
  )
})

test('a stream that does not exist is an error', async () => {
  await expect(firstValueFrom(source({ stream: 'nowhere' }))).rejects.toThrow('stream not found')
})

test('from stream to stream through actors and server crashes, every message counts once', async () => {
  await filled(2_000)
  const store = openStore()
  const pass: Behavior<Count, Count> = (inbox) => inbox
  const pipe = source({ inFlight: 200, ackWithin: 500 }).pipe(
    actors({ key: ({ number }) => `k${number % 10}`, behavior: pass, store }),
    toJetStream(bench.nats, { store, stream: 'alarms', subject: subjectUnder('alarm', () => ['x']) }),
  )
  let published = 0
  const subscription = pipe.subscribe(() => published++)
  onTestFinished(() => subscription.unsubscribe())
  for (const reached of [200, 900, 1_500]) {
    await eventually(() => expect(published).toBeGreaterThan(reached))
    await bench.server.kill()
    await bench.server.start()
  }
  await eventually(() => expect(published).toBe(2_000))
  expect((await numbers()).sort((one, other) => one - other)).toEqual(upTo(2_000))
}, 60_000)
