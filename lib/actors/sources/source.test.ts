import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { CrashPoint } from '../../state/crash-point.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import type { Store } from '../../state/store.ts'
import { crashingStore } from '../../testing/crashing-store.ts'
import { shop } from './shop.fixture.ts'

const openStore = (folder = temporaryFolder()): Store => {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  return store
}

test('every stage takes each publish of a source, which is acknowledged once', async () => {
  const { publish, counts, pubacks, session } = shop(openStore())
  for (const number of [1, 2, 3, 4, 5]) await publish(['ann'], { number })
  await session.settle()
  expect(pubacks()).toBe(5)
  expect(counts).toEqual([1, 2, 3, 4, 5].flatMap((count) => [`till ${count}`, `ann ${count}`]))
})

test('a redelivery is recognised once for all stages, and each is acknowledged', async () => {
  const { publish, counts, pubacks } = shop(openStore())
  await publish(['ann', 'bob'])
  await publish(['ann', 'bob'], { resent: true })
  await publish(['ann', 'bob'], { resent: true, number: 2 })
  expect(pubacks()).toBe(3)
  expect(counts).toEqual(['till 1', 'till 2', 'ann 1', 'bob 1', 'till 3', 'till 4', 'ann 2', 'bob 2'])
})

test('what could not be read is set aside once, in a publish that is acknowledged once', async () => {
  const { publish, asides, pubacks } = shop(openStore())
  await publish(['ann'], {}, ['torn'])
  expect([asides, pubacks()]).toEqual([['torn'], 1])
})

const beforeTheFlush: readonly CrashPoint[] = ['turn done', 'batch encoded', 'put']
const afterIt: readonly CrashPoint[] = ['committed', 'flushed', 'acknowledged']

test.each([...beforeTheFlush, ...afterIt])(
  'a crash at "%s" keeps the turns of both stages, or none',
  async (at) => {
    const store = crashingStore(temporaryFolder(), { at, occurrence: at === 'turn done' ? 2 : 1 })
    const { publish, close } = shop(store)
    void publish(['ann', 'bob'])
    await store.crashed
    close()
    const reopened = await store.reopen()
    onTestFinished(() => reopened.close())

    const again = shop(reopened)
    await again.session.replayed
    await again.publish(['ann', 'bob'], { resent: true })
    await again.publish(['ann', 'bob'], { number: 2 })
    expect(again.counts.slice(-4)).toEqual(['till 3', 'till 4', 'ann 2', 'bob 2'])
    expect(again.counts).toHaveLength(again.counts[0] === 'till 1' ? 8 : 4)
  },
)

test('redeliveries are recognised after a restart with a journal, and after a clean stop', async () => {
  const folder = temporaryFolder()
  const restarts = [async () => {}, async ({ session }: ReturnType<typeof shop>) => session.settle()]
  for (const [number, stop] of restarts.entries()) {
    const store = openStore(folder)
    const running = shop(store)
    await running.publish(['ann'], { number })
    await stop(running)
    running.close()
    await store.close()
  }
  const { publish, counts } = shop(openStore(folder))
  await publish(['ann'], { number: 0, resent: true })
  await publish(['ann'], { number: 1, resent: true })
  expect(counts).toEqual([])
  await publish(['ann'], { number: 2, resent: true })
  expect(counts).toEqual(['till 3', 'ann 3'])
})

test('two sources do not take the deliveries of one for those of the other', async () => {
  const folder = temporaryFolder()
  const store = openStore(folder)
  const first = shop(store, 'sales')
  await first.publish(['ann'])
  await first.session.settle()
  first.close()
  await store.close()

  const { publish, counts } = shop(openStore(folder), 'returns')
  await publish(['ann'], { resent: true })
  expect(counts).toEqual(['till 2', 'ann 2'])
})

test.each(['settled', 'left'])(
  'a source with a name knows what one without a name took, from a journal that was %s',
  async (state) => {
    const folder = temporaryFolder()
    const store = openStore(folder)
    const unnamed = shop(store, '')
    await unnamed.publish(['ann'])
    if (state === 'settled') await unnamed.session.settle()
    unnamed.close()
    await store.close()

    const { publish, counts } = shop(openStore(folder))
    await publish(['ann'], { resent: true })
    expect(counts).toEqual([])
  },
)
