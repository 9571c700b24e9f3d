import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { actors } from '../actors/actors.ts'
import type { Behavior } from '../actors/behavior.ts'
import { Delivery } from '../actors/delivery.ts'
import type { Sent } from '../actors/sinks/sink.ts'
import { toSink } from '../actors/sinks/to-sink.ts'
import { type CrashPoint, crashPoints } from '../state/crash-point.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import type { Timed } from '../time/timed.ts'
import { crashingStore } from './crashing-store.ts'

type Item = Timed & { readonly number: number }

const counting: Behavior<Item, number> = (items, actor) => items.pipe(actor.durable('count', counter()))

/** A source that sends again what was not acknowledged, and a sink that knows what it has by its id. */
class Shop {
  readonly taken = new Map<string, unknown>()
  private readonly acknowledged = new Set<number>()
  private readonly items: number

  constructor(items: number) {
    this.items = items
  }

  /** Sends everything outstanding, and resolves when all is acknowledged and in the sink, or at a crash. */
  async open(store: Store & { readonly crashed?: Promise<void> }, resent: boolean): Promise<void> {
    const source = new Subject<Delivery<Item>>()
    const sink = {
      name: 'till',
      deliver: async (outputs: readonly Sent<number>[]) => {
        for (const { id, value } of outputs) this.taken.set(id, value)
      },
    }
    await new Promise<void>((resolve, reject) => {
      const running = source
        .pipe(
          actors({
            key: ({ number }) => `k${number % 4}`,
            behavior: counting,
            store,
            resident: 1,
            pace: { checkpointAfter: 0 },
          }),
          toSink(sink, { store }),
        )
        .subscribe({ complete: resolve, error: reject })
      void store.crashed?.then(() => {
        running.unsubscribe()
        resolve()
      })
      this.send(source, resent)
    })
  }

  private async send(source: Subject<Delivery<Item>>, resent: boolean): Promise<void> {
    for (let number = 0; number < this.items; number++) {
      if (this.acknowledged.has(number)) continue
      const receipt = { sender: 's', number, checksum: number, resent }
      await new Promise<void>((ack) => {
        source.next(new Delivery([{ time: number, number }], { ack }, { receipt }))
      })
      this.acknowledged.add(number)
    }
    source.complete()
  }
}

/** Those that a store without a relay passes. */
const points = crashPoints.filter((point) => !point.startsWith('relay'))

describe('crashingStore', () => {
  test.each(points.flatMap((at) => [1, 2].map((occurrence) => ({ at, occurrence }))))(
    'crashes at $at, pass $occurrence, and what opens the folder after it goes on without loss or double',
    async ({ at, occurrence }) => {
      const store = crashingStore(temporaryFolder(), { at, occurrence })
      const shop = new Shop(24)
      await shop.open(store, false)
      expect(store.hasCrashed).toBe(true)
      const reopened = await store.reopen()
      await shop.open(reopened, true)
      await reopened.close()
      expect([...shop.taken.values()].toSorted((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 24 }, (_, index) => Math.floor(index / 4) + 1),
      )
    },
  )

  test('answers nothing and shows nothing after the crash, and keeps what was flushed before', async () => {
    const folder = temporaryFolder()
    const store = crashingStore(folder)
    const row = { sink: 's', position: 1, index: 0, bytes: Uint8Array.of(1) }
    const outbox = store.outbox('s')
    let appended = 0
    outbox.onAppend(() => appended++)
    await store.commit({ journal: [], outbox: [row] })
    expect(outbox.count()).toBe(1)
    store.crash()
    await store.crashed
    const answers = [
      store.commit({ journal: [], outbox: [{ ...row, position: 2 }] }),
      store.writeNote('n', row.bytes),
      outbox.remove(row),
    ]
    const answered = await Promise.race([...answers, new Promise((resolve) => setImmediate(resolve, 'none'))])
    expect(answered).toBe('none')
    expect([outbox.count(), outbox.read(undefined, 9), appended]).toEqual([0, [], 1])
    const reopened = await store.reopen()
    expect(reopened.outbox('s').read(undefined, 9)).toEqual([{ position: 1, index: 0, bytes: Buffer.of(1) }])
    expect(reopened.readNote('n')).toBeUndefined()
    expect(reopened.epoch).toBe(store.epoch)
    await reopened.close()
  })

  test('is an ordinary store as long as it has not crashed', async () => {
    const folder = temporaryFolder()
    const store = crashingStore(folder, { at: 'flushed', occurrence: 2 })
    await store.commit({ journal: [] })
    await expect(store.reopen()).rejects.toThrow('the store has not crashed')
    await store.close()
    await lmdbStore(folder).close()
  })

  test('refuses a point that does not exist', () => {
    const at = 'lunch' as CrashPoint
    expect(() => crashingStore('/nowhere', { at })).toThrow(
      'at is "lunch", which is no crash point: give one of',
    )
    expect(() => crashingStore('/nowhere', { at: 'put', occurrence: 0 })).toThrow(
      'occurrence must be a whole',
    )
  })
})
