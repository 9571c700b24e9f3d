import { expect, test } from 'vitest'
import { noCounts } from './broker-counts.ts'
import { MemoryBudget, type MemoryHolder } from './memory-budget.ts'
import { Refusals } from './refusals.ts'

class Client implements MemoryHolder {
  readonly clientId = 'press-7'
  readonly remote = '127.0.0.1'
  heldBytes = 0
  isWaiting = false
  gone = false

  destroy(): void {
    this.gone = true
  }
}

const noneShared = { heldBytes: 0, retainedBytes: 0, fanOutBytes: 0, willBytes: 0 }

const bench = (memoryBytes: number) => {
  const refusals = new Refusals(noCounts())
  const reasons: string[] = []
  refusals.all.subscribe(({ reason }) => reasons.push(reason))
  const shared = { heldBytes: 0 }
  const budget = new MemoryBudget({ ...noneShared, memoryBytes }, [shared], refusals)
  const hold = (client: Client, bytes: number): Client => {
    client.heldBytes = bytes
    budget.record(client)
    return client
  }
  return { budget, reasons, shared, hold }
}

test('beyond the budget the clients that hold most are disconnected, until an eighth is free', () => {
  const { budget, reasons, hold } = bench(1_000)
  const small = Array.from({ length: 10 }, () => hold(new Client(), 10))
  const large = Array.from({ length: 3 }, () => hold(new Client(), 300))
  expect(large.some(({ gone }) => gone)).toBe(false)
  hold(small[0]!, 11)
  expect(large.filter(({ gone }) => gone)).toHaveLength(1)
  expect(small.some(({ gone }) => gone)).toBe(false)
  expect(reasons).toEqual([
    expect.stringMatching(/300 bytes are held for it, and more than 1000 .* limits.memoryBytes/),
  ])
  expect(budget.heldBytes).toBe(701)
})

test('what a client has read meanwhile is not held against it', () => {
  const { reasons, hold } = bench(1_000)
  const drained = hold(new Client(), 900)
  drained.heldBytes = 0
  hold(new Client(), 200)
  expect(reasons).toEqual([])
})

test('clients that the broker makes wait are disconnected last', () => {
  const { hold } = bench(1_000)
  const waiting = hold(new Client(), 600)
  waiting.isWaiting = true
  const slow = hold(new Client(), 300)
  hold(new Client(), 150)
  expect([waiting.gone, slow.gone]).toEqual([false, true])
})

test('what is held for all clients together counts', () => {
  const { shared, hold } = bench(1_000)
  const client = hold(new Client(), 400)
  shared.heldBytes = 700
  hold(client, 401)
  expect(client.gone).toBe(true)
})

test('a client that is gone holds nothing', () => {
  const { budget, hold } = bench(1_000)
  budget.forget(hold(new Client(), 400))
  expect(budget.heldBytes).toBe(0)
})

test('limits that leave nothing for single clients are refused, with the remedy', () => {
  const limits = { ...noneShared, memoryBytes: 1_000, heldBytes: 600, willBytes: 400 }
  expect(() => new MemoryBudget(limits, [], new Refusals(noCounts()))).toThrow(
    /memoryBytes 1000 is not more than .* together, 1000: raise memoryBytes/,
  )
})
