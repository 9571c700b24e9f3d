import { filter, merge, Subject, tap } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { perKey } from '../../processors/per-key.ts'
import { watermarks } from '../../processors/watermarks.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import type { Processor } from '../../time/processor.ts'
import type { Timed } from '../../time/timed.ts'
import { boundedOutOfOrderness } from '../../time/watermark-policy.ts'
import type { Behavior } from '../behavior.ts'

interface Sale extends Timed {
  readonly shop: string
  readonly item: string
}

interface Seen {
  due: number
}

const day = Date.UTC(2026, 0, 5)
const sale = (shop: string, item: string, second: number): Sale => ({
  shop,
  item,
  time: day + second * 1_000,
})

/** Emits whose state was at hand, with each event and at its time. */
const telling: Processor<Sale, string, Seen> = {
  create: () => ({ due: Number.POSITIVE_INFINITY }),
  onEvent(state, { time }, out, { key, subkey, arrival }) {
    state.due = Math.min(state.due, time)
    out.emit(`${key}/${subkey} at ${arrival - day}`)
  },
  due: ({ due }) => due,
  onTime(state, time, out, { key, subkey, watermark }) {
    state.due = Number.POSITIVE_INFINITY
    out.emit(`${key}/${subkey} timer ${time - day}, behind ${watermark - day}`)
  },
}

const clock = { now: () => day + 60_000, monotonic: () => 0, after: () => () => {} }

const values = async (behavior: Behavior<Sale, string>, sales: readonly Sale[]): Promise<string[]> => {
  const store = lmdbStore(temporaryFolder())
  onTestFinished(() => store.close())
  // Every actor leaves memory and is restored between all events.
  const { send, stop, outcomes } = runActors({
    key: ({ shop }: Sale) => shop,
    behavior,
    store,
    clock: { ...clock, after: (delay, work) => later(delay, work) },
    resident: 0,
    pace: { checkpointAfter: 0, commitSpacing: 0 },
  })
  for (const each of sales) await send(each)
  await stop()
  return outcomes.flatMap((outcome) => outcome.values)
}

const later = (delay: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delay)
  return () => clearTimeout(timer)
}

const time = watermarks<Sale, unknown>(boundedOutOfOrderness(0))

test('a step sees the key of its actor, the watermark and the arrival, restored between all events', async () => {
  const behavior: Behavior<Sale, string> = (sales, actor) =>
    sales.pipe(actor.durable('time', time), actor.durable('telling', telling))
  expect(await values(behavior, [sale('a', 'x', 1), sale('b', 'y', 2), sale('a', 'z', 3)])).toEqual([
    'a/ at 60000',
    'b/ at 60000',
    'a/ at 60000',
    'a/ timer 1000, behind 999',
  ])
})

test('a step with a state for each sub-key sees the one at hand, in timers too', async () => {
  const behavior: Behavior<Sale, string> = (sales, actor) =>
    sales.pipe(
      actor.durable('time', time),
      actor.durable(
        'telling',
        perKey(({ item }: Sale) => item, telling),
      ),
    )
  expect(await values(behavior, [sale('a', 'x', 1), sale('a', 'w', 1), sale('a', 'y', 3)])).toEqual([
    'a/x at 60000',
    'a/w at 60000',
    'a/y at 60000',
    'a/w timer 1000, behind 999',
    'a/x timer 1000, behind 999',
  ])
})

test('a step goes on with the sub-key of before when what it emits comes back to it', async () => {
  const echoing: Processor<Sale, Sale> = {
    create: () => null,
    onEvent(_state, event, out, { subkey }) {
      if (event.item !== 'echo') out.emit({ ...event, item: 'echo' })
      out.emit({ ...event, item: `from ${subkey}` })
    },
  }
  const found: string[] = []
  const behavior: Behavior<Sale, never> = (sales, actor) => {
    const back = new Subject<Sale>()
    return merge(sales, back).pipe(
      actor.durable(
        'echoing',
        perKey(({ item }: Sale) => item, echoing),
      ),
      tap((event) => (event.item === 'echo' ? back.next(event) : found.push(event.item))),
      filter((_): _ is never => false),
    )
  }
  await values(behavior, [sale('a', 'x', 1)])
  expect(found).toEqual(['from echo', 'from x'])
})
