import { expect, it } from 'vitest'
import { ArrivalOrder } from './arrival-order.ts'
import type { Resident } from './resident.ts'

const resident = (lastEvent: number): Resident => ({ lastEvent, isNewcomer: false }) as Resident

it('keeps each list in the order of the last events, also of those restored long before they speak', () => {
  const order = new ArrivalOrder()
  const [restored, silent, later] = [resident(0), resident(0), resident(0)]
  for (const one of [restored, silent]) order.enter(one)
  order.heard(silent, 5_000)
  order.enter(later)
  order.heard(later, 10_000)
  order.heard(restored, 20_000)
  for (const list of order.lists) {
    const times: number[] = []
    for (let one = list.oldest; one; one = one.newer) times.push(one.lastEvent)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  }
  expect(order.nextToLeave(10)).toBe(silent)
})
