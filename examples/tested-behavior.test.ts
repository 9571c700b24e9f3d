// A behavior and all its tests: out of order, late, restored between all events, in silence, through a crash.
// Payments of a card are reported when there are more than two within ten seconds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { from } from 'rxjs'
import { expect, test } from 'vitest'
import {
  actors,
  type Behavior,
  boundedOutOfOrderness,
  deliver,
  late,
  ordered,
  type Processor,
  type Store,
  seconds,
  type Timed,
  toSink,
  watermarks,
} from '../lib/index.ts'
import { crashingStore, events, moment, tagged, timeline, verifyBehavior } from '../lib/testing/index.ts'

type Payment = Timed & { readonly amount: number }
type Burst = Timed & { readonly amounts: readonly number[] }

const bursts: Processor<Payment, Burst, { recent: Payment[] }> = {
  create: () => ({ recent: [] }),
  onEvent(state, payment, out) {
    state.recent = [...state.recent.filter(({ time }) => time > payment.time - seconds(10)), payment]
    if (state.recent.length < 3) return
    out.emit({ time: payment.time, amounts: state.recent.map(({ amount }) => amount) })
  },
}

const watchCard: Behavior<Payment, Burst> = (payments, actor) =>
  payments.pipe(
    actor.durable('time', watermarks(boundedOutOfOrderness(seconds(5)))),
    actor.durable('order', ordered()),
    actor.durable('bursts', bursts),
  )

const payment = (word: string, time: number): Payment => ({ time, amount: Number(word) })
const view = ({ amounts }: Burst): string => amounts.join(' ')

test('finds the same bursts in every order of arrival, restored between all payments', async () => {
  const { orders } = await verifyBehavior(watchCard, {
    given: timeline('10@1s 20@3s 30@5s 40@8s 50@14s 60@40s', payment),
    orders: { within: seconds(5) },
    view,
    expect: ['10 20 30', '10 20 30 40', '30 40 50'],
  })
  expect(orders).toBe(12)
})

test('tells a payment that comes too late, and closes the account after a day of silence', async () => {
  const straggler = payment('20', moment('3s'))
  await verifyBehavior(watchCard, {
    given: timeline('10@1s 30@10s 20@3s 40@11s 50@12s ~1d', payment),
    view,
    expect: [tagged(late, straggler), '30 40 50'],
  })
})

test('reports each burst once, though the process dies after the report was written', async () => {
  const reported = new Map<string, unknown>()
  const deliverTo = async (outputs: readonly { readonly id: string; readonly value: unknown }[]) => {
    for (const { id, value } of outputs) reported.set(id, value)
  }
  const pipeline = (given: readonly Payment[], store: Store) =>
    from(given).pipe(
      deliver(),
      actors({ key: () => 'card', behavior: watchCard, store }),
      toSink({ name: 'reports', deliver: deliverTo }, { store }),
    )
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-example-'))
  const store = crashingStore(folder, { at: 'outbox deleted' })
  const running = pipeline(events('10@1s 20@2s 30@3s 40@20s', payment), store).subscribe()
  await store.crashed
  running.unsubscribe()

  const reopened = await store.reopen()
  await new Promise<void>((complete) => pipeline([], reopened).subscribe({ complete }))
  expect([...reported.values()].map((value) => view(value as Burst))).toEqual(['10 20 30'])
  await reopened.close()
  rmSync(folder, { recursive: true })
})
