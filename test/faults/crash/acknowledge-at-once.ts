import { map, type OperatorFunction } from 'rxjs'
import { Delivery } from '../../../lib/actors/delivery.ts'

/** Acknowledges on arrival, before anything is on the disk: the mistake that a crash test must find. */
export const acknowledgeAtOnce = <T>(): OperatorFunction<Delivery<T>, Delivery<T>> =>
  map(({ values, ack, asides, receipt }) => {
    ack()
    return new Delivery(values, () => {}, receipt ? { asides, receipt } : { asides })
  })
