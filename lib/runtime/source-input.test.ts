import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import type { Delivery } from '../actors/delivery.ts'
import { asDeliveries } from './as-deliveries.ts'
import { deliveriesOf } from './source-input.ts'

const read = (input: Parameters<typeof deliveriesOf<number>>[0]) => {
  const deliveries: Delivery<number>[] = []
  const ended = new Promise<void>((complete, error) => {
    deliveriesOf(input).subscribe({ next: (delivery) => deliveries.push(delivery), complete, error })
  })
  return { deliveries, ended }
}

test('an iterable is pulled no further than 1,000 values ahead of its commits', async () => {
  let pulled = 0
  const numbers = function* () {
    for (; pulled < 1_500; pulled++) yield pulled
  }
  const { deliveries, ended } = read(numbers())
  await Promise.resolve()
  while (deliveries.length < 1_000) await new Promise(setImmediate)
  expect(pulled).toBe(999)
  for (let at = 0; at < 1_500; at++) {
    while (!deliveries[at]) await new Promise(setImmediate)
    deliveries[at]!.duty.ack()
  }
  await ended
  expect(deliveries.flatMap(({ values }) => values)).toEqual(Array.from({ length: 1_500 }, (_, at) => at))
})

test('an async iterable is an input, and its failure that of the source', async () => {
  const numbers = async function* () {
    yield 1
    throw new Error('torn')
  }
  const { deliveries, ended } = read(numbers())
  await expect(ended).rejects.toThrow('torn')
  expect(deliveries).toHaveLength(1)
})

test('an iterable that is read no more is closed', async () => {
  let isClosed = false
  const numbers = function* () {
    try {
      for (;;) yield 1
    } finally {
      isClosed = true
    }
  }
  const subscription = deliveriesOf(numbers()).subscribe()
  await new Promise(setImmediate)
  subscription.unsubscribe()
  await new Promise(setImmediate)
  expect(isClosed).toBe(true)
})

test('values of an Observable are deliveries while no more than the capacity wait', () => {
  const values = new Subject<number>()
  const deliveries: Delivery<number>[] = []
  let failure: unknown
  values.pipe(asDeliveries({ capacity: 2 })).subscribe({
    next: (delivery) => deliveries.push(delivery),
    error: (error) => {
      failure = error
    },
  })
  for (const value of [1, 2]) values.next(value)
  deliveries[0]?.duty.ack()
  values.next(3)
  expect(failure).toBeUndefined()
  values.next(4)
  expect(String(failure)).toMatch('More than 2 values of asDeliveries({ capacity: 2 }) wait for their commit')
  expect(deliveries).toHaveLength(3)
  expect(() => asDeliveries({ capacity: 0 })).toThrow(
    'capacity must be a whole number of values, 1 or more, got 0',
  )
})
