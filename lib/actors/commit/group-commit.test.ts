import { describe, expect, it } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { RecordingStore } from '../../../test/support/recording-store.ts'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { decodeActorRow } from '../../state/rows/actor-row.ts'
import { readRowHashes } from '../../state/rows/journal-row.ts'
import { virtualClock } from '../../testing/virtual-clock.ts'
import { hours, seconds } from '../../time/duration.ts'
import { systemClock, type WallClock } from '../../time/wall-clock.ts'
import type { Behavior } from '../behavior.ts'
import { Delivery } from '../delivery.ts'

interface Tick {
  readonly time: number
}

const echo: Behavior<Tick, Tick> = (ticks) => ticks
const tick = (time: number): Tick => ({ time })

function running() {
  const store = new RecordingStore(lmdbStore(temporaryFolder()))
  const acknowledged: number[] = []
  const actors = runActors({
    key: () => 'clock',
    behavior: echo,
    store,
    pace: { commitSpacing: 0, commitRetries: 2 },
  })
  const send = (time: number): void =>
    actors.source.next(new Delivery([tick(time)], { ack: () => acknowledged.push(time) }))
  return { ...actors, store, acknowledged, send }
}

describe('GroupCommit', () => {
  it('acknowledges nothing before it is flushed', async () => {
    const { store, acknowledged, send, stop } = running()
    const commit = store.hold()
    send(1)
    await commit.begun
    expect(acknowledged).toEqual([])
    commit.release()
    await stop()
    expect(acknowledged).toEqual([1])
  })

  it('lets everything that arrives during a commit join the next, and acknowledges in order', async () => {
    const { store, acknowledged, send, stop } = running()
    const commit = store.hold()
    send(1)
    await commit.begun
    send(2)
    send(3)
    const next = store.hold()
    commit.release()
    await next.begun
    expect(acknowledged).toEqual([1])
    next.release()
    await stop()
    expect(acknowledged).toEqual([1, 2, 3])
  })

  it('writes a batch that failed again, unchanged', async () => {
    const { store, acknowledged, send, stop } = running()
    store.failNext(2)
    send(1)
    send(2)
    await stop()
    expect(acknowledged).toEqual([1, 2])
    const [first, second, third] = store.commits
    expect(second).toBe(first)
    expect(third).toBe(first)
  })

  it('fails rather than drop a batch, and rejects what waits for it', async () => {
    const { store, acknowledged, source, finished } = running()
    store.failNext(3)
    const rejected = new Promise<Error>((reject) =>
      source.next(new Delivery([tick(1)], { ack: () => acknowledged.push(1), reject })),
    )
    await expect(finished).rejects.toThrow('refused by the test')
    expect((await rejected).message).toContain('refused by the test')
    expect(acknowledged).toEqual([])
  })

  it('writes no row of state before the journal entries it reflects', async () => {
    const store = new RecordingStore(lmdbStore(temporaryFolder()))
    const { send, stop } = runActors<Tick, number>({
      key: ({ time }) => `actor ${time % 7}`,
      behavior: (ticks, actor) => ticks.pipe(actor.durable('count', counter())),
      store,
      pace: { checkpointAfter: 0, sliceBytes: 100 },
    })
    for (let time = 0; time < 100; time++) await send(tick(time))
    await stop()
    let journaled = 0
    let saved = 0
    for (const written of store.flushed) {
      if ('journal' in written) {
        for (const { position, bytes } of written.journal)
          journaled = position + readRowHashes(bytes).length - 1
        continue
      }
      for (const { step, bytes } of written.states) {
        if (step !== undefined) continue
        expect(decodeActorRow(bytes).position).toBeLessThanOrEqual(journaled)
        saved++
      }
    }
    expect(saved).toBeGreaterThan(50)
  })

  it('takes a large slice of state piece by piece, a piece a commit, and saves it as one', async () => {
    const clock = virtualClock(Date.UTC(2026, 0, 1))
    const store = new RecordingStore(lmdbStore(temporaryFolder()))
    const { send, unsubscribe } = runActors<Tick, number>({
      key: ({ time }) => `actor ${time}`,
      behavior: (ticks, actor) => ticks.pipe(actor.durable('count', counter())),
      store,
      clock,
      pace: { commitSpacing: 0, checkpointAfter: seconds(10) },
    })
    const sent = Array.from({ length: 120 }, (_, time) => send(tick(time)))
    clock.advance(0)
    await Promise.all(sent)
    clock.advance(seconds(10))
    await expect
      .poll(() => {
        clock.advance(0)
        return store.checkpoints.map(({ states }) => states.filter(({ step }) => step).length)
      })
      .toEqual([120])
    unsubscribe()
    await store.close()
  })

  it('keeps nobody waiting because the time of day was set back', async () => {
    const clock = virtualClock(Date.UTC(2026, 0, 1))
    const store = new RecordingStore(lmdbStore(temporaryFolder()))
    const behavior: Behavior<Tick, number> = (ticks, actor) => ticks.pipe(actor.durable('count', counter()))
    const pace = { commitSpacing: seconds(1), checkpointAfter: seconds(10) }
    const { send, unsubscribe } = runActors({ key: () => 'clock', behavior, store, clock, pace })
    const first = send(tick(1))
    clock.advance(0)
    await first
    clock.set(clock.now() - hours(1))
    const second = send(tick(2))
    clock.advance(seconds(1))
    await second
    const saved = (): number => store.checkpoints.filter(({ states }) => states.length > 0).length
    expect(saved()).toBe(0)
    clock.advance(seconds(10))
    await expect.poll(saved).toBe(1)
    unsubscribe()
    await store.close()
  })

  it('waits for nothing once everything is saved, so that its process can end', async () => {
    const waits = new Set<symbol>()
    const clock: WallClock = {
      now: systemClock.now,
      monotonic: systemClock.monotonic,
      after(delay, work) {
        const wait = Symbol(`${delay} ms`)
        waits.add(wait)
        const cancel = systemClock.after(delay, () => {
          waits.delete(wait)
          work()
        })
        return () => {
          waits.delete(wait)
          cancel()
        }
      },
    }
    const store = lmdbStore(temporaryFolder())
    const behavior: Behavior<Tick, number> = (ticks, actor) => ticks.pipe(actor.durable('count', counter()))
    const { send, stop } = runActors<Tick, number>({ key: () => 'clock', behavior, store, clock })
    await send(tick(1))
    expect(waits.size).toBeGreaterThan(0)
    await stop()
    expect(waits.size).toBe(0)
  })
})
