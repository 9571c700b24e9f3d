import { expect, onTestFinished, test } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { CrashPoint } from '../state/crash-point.ts'
import type { Store } from '../state/store.ts'
import { crashingStore } from '../testing/crashing-store.ts'
import { list, type Order, order } from './orders.fixture.ts'
import { replayable } from './replayable.ts'
import { tidemark } from './tidemark.ts'

/** Counts the first `length` orders of an input that can be read again, one a commit. */
const countOrders = (store: Store, length: number) => {
  const counts = list<number>()
  const app = tidemark({ store })
  const orders = app.source('orders', {
    input: replayable(async function* (offset): AsyncGenerator<Order> {
      for (let at = offset; at < length; at++) {
        await new Promise(setImmediate)
        yield order('ann')
      }
    }),
  })
  const stage = app.stage('count', {
    input: orders.keyBy(({ customer }) => customer),
    behavior: (events, actor) => events.pipe(actor.durable('count', counter())),
  })
  app.sink('counts', stage, counts)
  return { running: app.run(), counts }
}

const points: readonly CrashPoint[] = [
  'turn done',
  'batch encoded',
  'put',
  'committed',
  'flushed',
  'acknowledged',
]

test.each(points)('a crash at "%s" counts each value of a replayable input once', async (at) => {
  const store = crashingStore(temporaryFolder(), { at, occurrence: at === 'turn done' ? 20 : 2 })
  const first = countOrders(store, 50)
  await Promise.race([store.crashed, first.running])
  const reopened = await store.reopen()
  onTestFinished(() => reopened.close())
  const { running, counts } = countOrders(reopened, 60)
  await running
  const ids = new Map([...first.counts.outputs, ...counts.outputs].map(({ id, value }) => [id, value]))
  expect([...ids.values()]).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
})

test('an input that has been read to its end gives nothing again', async () => {
  const store = crashingStore(temporaryFolder())
  onTestFinished(() => store.close())
  await countOrders(store, 5).running
  const { running, counts } = countOrders(store, 5)
  await running
  expect(counts.values()).toEqual([])
})
