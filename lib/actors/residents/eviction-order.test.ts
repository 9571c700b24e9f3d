import { describe, expect, it } from 'vitest'
import { EvictionOrder } from './eviction-order.ts'
import type { Resident } from './resident.ts'

const resident = (lastEvent: number): Resident => ({ lastEvent, movedAt: 0, isNewcomer: false }) as Resident

it('keeps each list in the order of the last events, also of those restored long before they speak', () => {
  const order = new EvictionOrder(10)
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
  expect(order.nextToLeave()).toBe(silent)
})

it('moves one that speaks several times a second, so that nobody behind it seems to speak', () => {
  const order = new EvictionOrder(10)
  const [chatty, silent] = [resident(0), resident(0)]
  for (const one of [chatty, silent]) {
    order.enter(one)
    order.heard(one, 1_000)
  }
  for (let now = 1_000; now < 60_000; now += 100) order.heard(chatty, now)
  expect(order.lists[1]!.oldest).toBe(silent)
  expect(order.nextToLeave()).toBe(silent)
})

describe('with room for 100', () => {
  /** `busy` speak in every round, and for every fourth of them one who never speaks again. */
  const rounds = (busy: number, count: number): { woken: number } => {
    const order = new EvictionOrder(100)
    const inMemory = new Map<number, Resident>()
    let [woken, now, rare] = [0, 0, 1_000_000]
    const speak = (key: number): void => {
      let one = inMemory.get(key)
      if (!one) {
        woken++
        one = { ...resident(0), hash: Math.imul(key, 0x9e3779b1) >>> 0, key: String(key) } as Resident
        inMemory.set(key, one)
        order.enter(one)
      }
      order.heard(one, now)
      if (inMemory.size > 100) {
        const leaving = order.nextToLeave()!
        order.leave(leaving)
        inMemory.delete(Number(leaving.key))
      }
    }
    for (let round = 0; round < count; round++) {
      now += 2_000
      for (let key = 0; key < busy; key++) {
        speak(key)
        if (key % 4 === 0) speak(rare++)
      }
    }
    return { woken: woken - (rare - 1_000_000) }
  }

  it('comes to know those who speak often, and wakes them no more, whoever else speaks', () => {
    expect(rounds(90, 400).woken).toBe(rounds(90, 100).woken)
  })
})
