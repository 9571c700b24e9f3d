import { expect, test } from 'vitest'
import { Gate, type Waiting } from './gate.ts'

const waitingIn = (order: string[], name: string): Waiting => ({ advance: () => order.push(name) })

test('the gate is closed until somebody takes what arrives', () => {
  const gate = new Gate({ publishes: 10, bytes: 100 })
  expect(gate.passes(0)).toBe(false)
  gate.open()
  expect(gate.passes(0)).toBe(true)
  gate.close()
  expect(gate.passes(0)).toBe(false)
})

test.each([
  ['publishes', { publishes: 4, bytes: 1_000 }],
  ['bytes', { publishes: 1_000, bytes: 40 }],
])(
  'at the limit of %s it closes, and opens again at half of it, in the order of waiting',
  async (_, limit) => {
    const gate = new Gate(limit)
    const order: string[] = []
    gate.open()
    for (let count = 0; count < 4; count++) gate.take(10)
    expect(gate.passes(0)).toBe(false)
    for (const name of ['a', 'b', 'gone', 'c']) {
      const connection = waitingIn(order, name)
      gate.wait(connection)
      if (name === 'gone') gate.forget(connection)
    }
    gate.release(10)
    expect(gate.passes(0)).toBe(false)
    gate.release(10)
    expect(gate.passes(0)).toBe(true)
    await new Promise(setImmediate)
    expect(order).toEqual(['a', 'b', 'c'])
  },
)

test('while others wait, a connection passes 256 in a row and then lets the next go first', () => {
  const gate = new Gate({ publishes: 10, bytes: 100 })
  gate.open()
  expect(gate.passes(256)).toBe(true)
  gate.wait(waitingIn([], 'other'))
  expect(gate.passes(255)).toBe(true)
  expect(gate.passes(256)).toBe(false)
})
