import { expect, test } from 'vitest'
import { type Amount, Gate, Share, type Waiting } from './gate.ts'

const plenty: Amount = { publishes: 1_000, bytes: 1_000, readings: 1_000 }
const one = { bytes: 10, readings: 1 }

const client = (advance: () => void = () => {}): Waiting => ({ share: new Share(), advance })

/** Takes publishes of a client until it has to wait; returns how many. */
const fill = (gate: Gate, { share }: Waiting): number => {
  let count = 0
  for (; gate.passes(share); count++) gate.take(share, one)
  return count
}

test('the gate is closed until somebody takes what arrives', () => {
  const gate = new Gate(plenty)
  const { share } = client()
  expect(gate.passes(share)).toBe(false)
  gate.open()
  expect(gate.passes(share)).toBe(true)
  gate.close()
  expect(gate.passes(share)).toBe(false)
})

test.each([
  ['publishes', { ...plenty, publishes: 60 }],
  ['bytes', { ...plenty, bytes: 600 }],
  ['readings', { ...plenty, readings: 60 }],
])('a client may hold as many %s as are free, so that others always pass', (_, limit) => {
  const gate = new Gate(limit)
  gate.open()
  expect(fill(gate, client())).toBe(30)
  expect(fill(gate, client())).toBe(15)
  const quiet = client()
  for (let noisy = 0; noisy < 2; noisy++) fill(gate, client())
  expect(gate.passes(quiet.share)).toBe(true)
  expect(gate.held).toBeLessThan(60)
})

test('a client that waits goes on when it holds half of what is free', async () => {
  const gate = new Gate({ ...plenty, publishes: 60 })
  let woken = 0
  const waiting = client(() => woken++)
  gate.open()
  fill(gate, waiting)
  gate.wait(waiting)
  const releaseSome = async (count: number): Promise<void> => {
    for (let released = 0; released < count; released++) gate.release(waiting.share, one)
    await new Promise(setImmediate)
  }
  await releaseSome(10)
  expect([woken, waiting.share.publishes]).toEqual([0, 20])
  await releaseSome(1)
  expect([woken, waiting.share.publishes]).toEqual([1, 19])
  await releaseSome(1)
  expect(woken).toBe(1)
})

test('clients that wait go on in the order of waiting, and one that is gone does not', async () => {
  const gate = new Gate(plenty)
  const order: string[] = []
  const clients = ['a', 'b', 'gone', 'c'].map((name) => client(() => order.push(name)))
  gate.open()
  for (const each of clients) {
    fill(gate, each)
    gate.wait(each)
  }
  gate.forget(clients[2]!)
  for (const { share } of clients) while (share.publishes > 0) gate.release(share, one)
  await new Promise(setImmediate)
  expect(order).toEqual(['a', 'b', 'c'])
})
