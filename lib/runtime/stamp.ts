import { type Aside, Delivery } from '../actors/delivery.ts'
import type { Timed } from '../time/timed.ts'

/** Gives each value its event time. One for which `time` throws becomes a dead letter. */
export function stamp(delivery: Delivery<object>, time: (event: object) => number): Delivery<Timed> {
  const { duty, receipt } = delivery
  const asides: Aside[] = [...delivery.asides]
  const values: Timed[] = []
  for (const value of delivery.values) {
    try {
      values.push({ ...value, time: time(value) })
    } catch (error) {
      asides.push({ tag: 'dead', value, reason: `the option time of its source threw: ${String(error)}` })
    }
  }
  return new Delivery(values, duty, receipt ? { asides, receipt } : { asides })
}
