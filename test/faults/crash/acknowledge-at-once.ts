import { map, type OperatorFunction } from 'rxjs'
import { Delivery } from '../../../lib/actors/delivery.ts'

/** Acknowledges on arrival, before anything is on the disk: the mistake that a crash test must find. */
export const acknowledgeAtOnce = <T>(): OperatorFunction<Delivery<T>, Delivery<T>> =>
  map(({ values, duty, asides, receipt }) => {
    duty.ack()
    return new Delivery(values, undefined, receipt ? { asides, receipt } : { asides })
  })
