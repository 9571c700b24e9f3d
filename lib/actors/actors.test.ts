import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { map, type Subject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { type RunningActors, runActors } from '../../test/support/running-actors.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import type { Behavior } from './behavior.ts'
import { Delivery } from './delivery.ts'

interface Tap {
  readonly time: number
  readonly who: string
}

const counting: Behavior<Tap, number> = (taps, actor) => taps.pipe(actor.durable('count', counter()))

let folder: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-actors-'))
  store = lmdbStore(folder)
})

afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const tap = (who: string, time = 0): Tap => ({ who, time })

const run = (behavior: Behavior<Tap, unknown>, options: object = {}): RunningActors<Tap, unknown> =>
  runActors({ key: ({ who }) => who, behavior, store, ...options })

/** Opens the store as the next process does, whether `running` was stopped or not. */
const reopenAfter = async (running: RunningActors<Tap, unknown>): Promise<void> => {
  running.unsubscribe()
  await store.close()
  store = lmdbStore(folder)
}

describe('actors', () => {
  it('gives every key an actor of its own', async () => {
    const { send, outcomes, stop } = run(counting)
    await send(tap('ann'), tap('bob'), tap('ann'))
    await stop()
    expect(outcomes.map(({ key, values }) => [key, ...values])).toEqual([
      ['ann', 1],
      ['bob', 1],
      ['ann', 2],
    ])
  })

  it('has saved every state and emptied the journal when it completes', async () => {
    const first = run(counting)
    await first.send(tap('ann'), tap('ann'))
    await first.stop()
    expect([...store.readJournal()]).toEqual([])
    await reopenAfter(first)
    const second = run(counting)
    await second.send(tap('ann'))
    await second.stop()
    expect(second.outcomes.map(({ values }) => values)).toEqual([[3]])
  })

  it('replays what was acknowledged and not saved, without putting it out again', async () => {
    const first = run(counting)
    await first.send(tap('ann'), tap('bob'))
    await first.send(tap('ann'))
    await reopenAfter(first)
    const second = run(counting)
    await second.send(tap('ann'))
    await second.stop()
    expect(second.outcomes.map(({ key, values }) => [key, ...values])).toEqual([['ann', 3]])
  })

  it('never uses a position twice, whatever was deleted in between', async () => {
    const first = run(counting)
    await first.send(tap('ann'))
    await first.stop()
    await reopenAfter(first)
    const second = run(counting)
    await second.send(tap('ann'))
    await second.stop()
    const [before, after] = [first.outcomes[0]!.position, second.outcomes[0]!.position]
    expect(after).toBeGreaterThan(before)
  })

  it('takes a resent delivery once, also when the first was taken before a restart', async () => {
    const receipt = { sender: 'gateway', number: 7, checksum: 99, resent: false }
    const deliver = ({ source }: { source: Subject<Delivery<Tap>> }, resent: boolean) =>
      new Promise<void>((resolve) =>
        source.next(new Delivery([tap('ann')], { ack: resolve }, { receipt: { ...receipt, resent } })),
      )
    const first = run(counting)
    await deliver(first, false)
    await deliver(first, true)
    expect(first.outcomes.map(({ values }) => values)).toEqual([[1]])
    await reopenAfter(first)
    const second = run(counting)
    await deliver(second, true)
    await second.stop()
    expect(second.outcomes).toEqual([])
  })

  it('leaves no trace of a turn that throws but a dead letter', async () => {
    const throwing: Behavior<Tap, number> = (taps, actor) =>
      taps.pipe(
        actor.durable('count', counter()),
        map((count) => {
          if (count === 2) throw new Error('two is one too many')
          return count
        }),
      )
    const { send, outcomes, stop } = run(throwing)
    await send(tap('ann'), tap('ann'), tap('ann'), tap('bob'))
    await stop()
    expect(outcomes.map(({ key, values }) => [key, ...values])).toEqual([
      ['ann', 1],
      ['ann'],
      ['ann'],
      ['bob', 1],
    ])
    expect(outcomes[1]!.asides).toEqual([
      { tag: 'dead', value: tap('ann'), reason: expect.stringContaining('two is one too many') },
    ])
  })

  it('dead-letters what has no usable key', async () => {
    const { send, outcomes, stop } = run(counting)
    await send(tap(''), tap('x'.repeat(300)))
    await stop()
    expect(outcomes.flatMap(({ asides }) => asides.map(({ reason }) => reason))).toEqual([
      expect.stringContaining('is empty'),
      expect.stringContaining('300 characters'),
    ])
  })

  it('passes on what the source could not read', async () => {
    const { source, outcomes, stop } = run(counting)
    const aside = { tag: 'dead', value: { payload: '' }, reason: 'no payload' }
    await new Promise<void>((resolve) =>
      source.next(new Delivery<Tap>([], { ack: resolve }, { asides: [aside] })),
    )
    await stop()
    expect(outcomes.map(({ key, asides }) => [key, asides])).toEqual([['', [aside]]])
  })

  it('refuses what is recorded after its turn, and takes nothing more: an output would be lost', async () => {
    const { send, outcomes, finished } = run(counting)
    await send(tap('ann'))
    expect(() => outcomes[0]!.record('sink', 0, new Uint8Array())).toThrow('after its turn had ended')
    await expect(finished).rejects.toThrow('after its turn had ended')
  })

  it('brings a sleeping actor back with its state', async () => {
    const { send, outcomes, stop } = run(counting, { resident: 2, pace: { checkpointAfter: 0 } })
    for (let round = 0; round < 3; round++) {
      for (const who of ['ann', 'bob', 'cas', 'dan', 'eva']) await send(tap(who))
    }
    await stop()
    expect(outcomes.slice(-5).map(({ key, values }) => [key, ...values])).toEqual([
      ['ann', 3],
      ['bob', 3],
      ['cas', 3],
      ['dan', 3],
      ['eva', 3],
    ])
  })

  it('refuses a journal that another version of the behavior left', async () => {
    const first = run(counting)
    await first.send(tap('ann'))
    await reopenAfter(first)
    await expect(run(counting, { version: 2 }).finished).rejects.toThrow('tidemark drain')
  })
})
