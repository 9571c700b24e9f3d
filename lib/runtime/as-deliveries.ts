import { Observable, type OperatorFunction } from 'rxjs'
import { Delivery } from '../actors/delivery.ts'

/**
 * Makes the values of an Observable deliveries. It has no acknowledgements: values that wait for their commit
 * in a crash are lost, and values that are sent again count again. Errors when more than `capacity` wait.
 */
export const asDeliveries = <T>({
  capacity,
}: {
  readonly capacity: number
}): OperatorFunction<T, Delivery<T>> => {
  if (!(Number.isSafeInteger(capacity) && capacity >= 1)) {
    throw new RangeError(`capacity must be a whole number of values, 1 or more, got ${capacity}`)
  }
  return (values) =>
    new Observable((subscriber) => {
      let waiting = 0
      const done = (): void => {
        waiting--
      }
      return values.subscribe({
        next(value) {
          if (++waiting > capacity) subscriber.error(overflow(capacity))
          else subscriber.next(new Delivery([value], { ack: done, reject: done }))
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })
}

const overflow = (capacity: number): Error =>
  new Error(
    `More than ${capacity} values of asDeliveries({ capacity: ${capacity} }) wait for their commit: send them ` +
      'more slowly, raise the capacity, or read them from an iterable, which is pulled',
  )
