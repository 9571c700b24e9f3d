import { expect, test } from 'vitest'
import type { Turn } from './turn.ts'
import { firstCredit, type TurnTaker, TurnTaking } from './turn-taking.ts'

/** A clock that only work moves. */
class WorkClock {
  ms = 0
  readonly now = (): number => this.ms
}

/** A client with `left` packets, each of which takes `packetMs`. */
class Client implements TurnTaker {
  credit = firstCredit
  done = 0
  left: number
  private readonly clock: WorkClock
  private readonly packetMs: number
  private readonly bytes: number

  constructor(clock: WorkClock, left: number, packetMs: number, bytes = 2_000) {
    this.clock = clock
    this.left = left
    this.packetMs = packetMs
    this.bytes = bytes
  }

  work(turn: Turn): boolean {
    while (this.left > 0) {
      if (turn.isOver) return true
      this.left--
      this.done++
      this.clock.ms += this.packetMs
      turn.spend(this.bytes)
    }
    return false
  }
}

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('clients have equal shares of the time, whatever one packet takes', async () => {
  const clock = new WorkClock()
  const turns = new TurnTaking(clock.now)
  const clients = [0.01, 0.1, 0.7, 4].map((packetMs) => new Client(clock, 1e6, packetMs))
  for (const client of clients) turns.add(client)
  for (let count = 0; count < 400; count++) await loopTurn()
  const [small, medium, large, largest] = clients.map(({ done }) => done)
  // With 20 µs for the 2,000 bytes of each packet.
  const share = (largest! * 4.02) as number
  expect(large! * 0.72).toBeGreaterThan(0.9 * share)
  expect(medium! * 0.12).toBeGreaterThan(0.9 * share)
  expect(small! * 0.03).toBeGreaterThan(0.9 * share)
})

test('bytes count beside time, because they cost time later', async () => {
  const clock = new WorkClock()
  const turns = new TurnTaking(clock.now)
  const [short, long] = [new Client(clock, 1e6, 0.05, 100), new Client(clock, 1e6, 0.05, 64_000)]
  turns.add(short)
  turns.add(long)
  for (let count = 0; count < 100; count++) await loopTurn()
  expect(short.done).toBeGreaterThan(8 * long.done)
})

test('each turn of the event loop has about 5 ms of work', async () => {
  const clock = new WorkClock()
  const turns = new TurnTaking(clock.now)
  for (let count = 0; count < 4; count++) turns.add(new Client(clock, 1e6, 0.1))
  for (let count = 1; count <= 10; count++) {
    await loopTurn()
    expect(clock.ms).toBeLessThan(count * 5.2)
  }
  expect(clock.ms).toBeGreaterThan(40)
})

test('a client that is new, and one that has little to do, goes first', async () => {
  const clock = new WorkClock()
  const turns = new TurnTaking(clock.now)
  for (let count = 0; count < 100; count++) turns.add(new Client(clock, 1e6, 0.5))
  for (let count = 0; count < 20; count++) await loopTurn()
  const quiet = new Client(clock, 1, 0.01)
  for (let packet = 0; packet < 7; packet++) {
    quiet.left = 1
    turns.add(quiet)
    await loopTurn()
    expect(quiet.left).toBe(0)
  }
})

test('a client that is gone has no more turns', async () => {
  const clock = new WorkClock()
  const turns = new TurnTaking(clock.now)
  const client = new Client(clock, 10, 0.1)
  turns.add(client)
  turns.forget(client)
  await loopTurn()
  expect(client.done).toBe(0)
})
