import { expect, test } from 'vitest'
import { encodeOutboxMessage } from '../../lib/nats/outbox-message.ts'
import { Relay } from '../../lib/nats/relay.ts'
import { randomFrom } from '../../lib/statistics/random.ts'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { ModelStore } from './model-store.ts'
import { ModelStream } from './model-stream.ts'

/**
 * The relay against a model of a stream in which everything goes wrong at random, in virtual time: answers
 * and messages lost, the server killed, tails lost, purged and recreated streams, crashes of the relay.
 */
const simulate = async (seed: number) => {
  const { uniform: random } = randomFrom(seed)
  const chance = (probability: number): boolean => random() < probability
  const clock = virtualClock(1_000_000)
  const store = new ModelStore()
  const stream = new ModelStream(clock, random)
  const failures: string[] = []
  let running: Relay | undefined
  const start = (): void => {
    running = new Relay({
      store,
      sink: 'sink',
      port: stream.port(),
      clock,
      reachable: () => Promise.resolve(),
      takeOver: [],
      syncInterval: 10_000,
      triesPerRow: 3,
      rowsInFlight: 8,
      bytesInFlight: 10_000,
      answerWithin: 500,
      deadLetterOf: (message) => message,
      published: ({ id }) => stream.confirmed.add(id),
      report: () => {},
    })
    running.run().catch((error: unknown) => failures.push(String(error)))
  }
  const turn = async (elapsed: number): Promise<void> => {
    clock.advance(elapsed)
    for (let round = 0; round < 4; round++) {
      stream.deliver()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  start()
  for (let step = 0; step < 60; step++) {
    if (chance(0.5))
      store.append(
        1 + Math.floor(random() * 12),
        encodeOutboxMessage({ subject: 'a', key: '', payload: new Uint8Array(1) }),
      )
    stream.unreliable = chance(0.3)
    if (chance(0.1)) {
      stream.kill()
      running?.interrupt()
    }
    if (chance(0.05)) {
      stream.loseTail(clock.now() - 5_000)
      running?.interrupt()
    }
    if (chance(0.03)) stream.purge()
    if (chance(0.03)) stream.recreate()
    if (chance(0.08)) {
      running?.stop()
      start()
    }
    await turn(Math.floor(random() * 1_500))
  }
  stream.unreliable = false
  for (let step = 0; step < 30; step++) await turn(1_000)
  running?.stop()
  return { store, stream, failures }
}

test.each([0, 1, 2, 3])(
  'no row is lost or doubled in 100 simulations, series %i',
  async (series) => {
    for (let seed = series * 100; seed < series * 100 + 100; seed++) {
      const { store, stream, failures } = await simulate(seed)
      expect(failures, `seed ${seed}`).toEqual([])
      const ids = stream.messages.map(({ id }) => id)
      expect(new Set(ids).size, `seed ${seed}: doubled`).toBe(ids.length)
      expect(ids, `seed ${seed}: order`).toEqual(store.ids.filter((id) => ids.includes(id)))
      const missing = store.ids.filter((id) => !ids.includes(id) && !stream.takenAway.has(id))
      expect(missing, `seed ${seed}: lost`).toEqual([])
    }
  },
  120_000,
)
