import { map, type OperatorFunction } from 'rxjs'
import { Delivery } from './delivery.ts'

/** Makes plain values deliveries, for a source that nobody acknowledges to. */
export const deliver = <T>(): OperatorFunction<T, Delivery<T>> => map((value) => new Delivery([value]))
