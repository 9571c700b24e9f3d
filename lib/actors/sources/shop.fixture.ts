import { onTestFinished } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import type { Store } from '../../state/store.ts'
import { days, minutes } from '../../time/duration.ts'
import type { Timed } from '../../time/timed.ts'
import { systemClock } from '../../time/wall-clock.ts'
import { Delivery, type Receipt } from '../delivery.ts'
import { Emission } from '../emission.ts'
import { RunningStage } from '../running-stage.ts'
import { sessionOf } from '../session.ts'
import { Source } from './source.ts'

export interface Sale extends Timed {
  readonly till: string
  readonly customer: string
}

/** One source of sales and two stages that read it: one counts by till, the other by customer. */
export function shop(store: Store, name = 'sales') {
  const session = sessionOf(store, systemClock)
  const counts: string[] = []
  const asides: string[] = []
  let pubacks = 0
  const emission = new Emission(
    session.commit,
    ({ key, values, asides: left }) => {
      for (const count of values) counts.push(`${key} ${count}`)
      for (const { reason } of left) asides.push(reason)
    },
    () => true,
  )
  const stageOf = (stage: string, keyOf: (sale: Sale) => string): RunningStage =>
    new RunningStage({
      name: stage,
      version: 1,
      keyOf: keyOf as (event: Timed) => string,
      behavior: (sales, actor) => sales.pipe(actor.durable('count', counter())),
      session,
      emission,
      limit: 50,
      times: { idleAfter: minutes(1), closeAfter: days(1) },
      ticksPerSecond: 10,
      values: {},
      clock: systemClock,
      onReplay: () => {},
      fail: () => {},
    })
  const stages = [
    stageOf('tills', ({ till }) => till),
    stageOf('customers', ({ customer }) => customer),
  ] as const
  const readers = stages.map(({ stage }) => stage)
  const source = new Source({ name, session, clock: systemClock, emission, readers })
  for (const stage of stages) stage.start(() => stage.begin())
  const close = (): void => {
    for (const stage of stages) stage.close()
    source.close()
  }
  onTestFinished(close)

  /** Resolves at the PUBACK of what one publish brought. */
  const publish = (
    customers: readonly string[],
    receipt: Partial<Receipt> = {},
    unreadable: readonly string[] = [],
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const ack = (): void => {
        pubacks++
        resolve()
      }
      const values = customers.map((customer) => ({ time: 0, till: 'till', customer }))
      const asides = unreadable.map((reason) => ({ tag: 'dead', value: null, reason }))
      const numbered = { sender: 'gateway', number: 1, checksum: 1, resent: false, ...receipt }
      source.add(new Delivery<Timed>(values, { ack, reject }, { asides, receipt: numbered }))
    })
  return { counts, asides, publish, close, session, pubacks: () => pubacks }
}
