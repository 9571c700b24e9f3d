import { describe, expect, it } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { Delivery, type Receipt } from '../delivery.ts'
import { rememberedDeliveries } from './sender-window.ts'
import { residentSenders } from './source-receipts.ts'

function gateway(folder = temporaryFolder()) {
  const store = lmdbStore(folder)
  const stage = runActors({
    key: () => 'pump',
    behavior: (inbox, actor) => inbox.pipe(actor.durable('count', counter())),
    store,
  })
  const deliver = (receipt: Partial<Receipt>): Promise<void> =>
    new Promise((resolve) =>
      stage.source.next(
        new Delivery(
          [{ time: 0 }, { time: 1 }],
          { ack: resolve },
          {
            receipt: { sender: 'gateway', number: 1, checksum: 1, resent: false, ...receipt },
          },
        ),
      ),
    )
  return { ...stage, store, deliver, taken: () => stage.outcomes.length / 2 }
}

describe('Redeliveries', () => {
  it('are taken once, all values of them, and acknowledged every time', async () => {
    const { deliver, taken, stop } = gateway()
    await deliver({})
    await deliver({ resent: true })
    await deliver({ resent: true })
    await stop()
    expect(taken()).toBe(1)
  })

  it('are only what is marked as resent, of the same sender, number and content', async () => {
    const { deliver, taken, stop } = gateway()
    await deliver({})
    await deliver({})
    await deliver({ resent: true, number: 2 })
    await deliver({ resent: true, checksum: 2 })
    await deliver({ resent: true, sender: 'other' })
    await stop()
    expect(taken()).toBe(5)
  })

  it('are recognised while the first is still in the open batch', async () => {
    const { deliver, taken, stop } = gateway()
    await Promise.all([deliver({}), deliver({ resent: true })])
    await stop()
    expect(taken()).toBe(1)
  })

  it('are recognised after a clean stop, and after one that was none', async () => {
    const folder = temporaryFolder()
    const first = gateway(folder)
    await first.deliver({ number: 1 })
    await first.stop()
    await first.store.close()

    const second = gateway(folder)
    await second.deliver({ number: 1, resent: true })
    await second.deliver({ number: 2 })
    await second.store.close()

    const third = gateway(folder)
    await third.deliver({ number: 1, resent: true })
    await third.deliver({ number: 2, resent: true })
    await third.stop()
    expect([second.taken(), third.taken()]).toEqual([1, 0])
  })

  it('are recognised of however many senders at once, also after a crash before any of it was saved', async () => {
    const folder = temporaryFolder()
    const senders = Array.from({ length: residentSenders + 50 }, (_, index) => `gateway ${index}`)
    const first = gateway(folder)
    await Promise.all(senders.map((sender) => first.deliver({ sender })))
    await Promise.all(senders.map((sender) => first.deliver({ sender, resent: true })))
    expect(first.taken()).toBe(senders.length)
    await first.store.close()

    const second = gateway(folder)
    await Promise.all(senders.map((sender) => second.deliver({ sender, resent: true })))
    await second.stop()
    expect(second.taken()).toBe(0)
  })

  it('are remembered up to a limit, the oldest forgotten first', async () => {
    const { deliver, taken, stop } = gateway()
    const all = Array.from({ length: rememberedDeliveries + 1 }, (_, index) => deliver({ number: index }))
    await Promise.all(all)
    await deliver({ number: 0, resent: true })
    await deliver({ number: 2, resent: true })
    await stop()
    expect(taken()).toBe(rememberedDeliveries + 2)
  })
})
