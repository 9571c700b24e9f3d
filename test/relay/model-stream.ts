import { parseRowId } from '../../lib/nats/row-id.ts'
import type { Answer, Expected } from '../../lib/nats/stream-line.ts'
import type { StreamPort } from '../../lib/nats/stream-port.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'

interface Message {
  readonly id: string
  readonly payload: Uint8Array
  readonly sequence: number
  readonly time: number
}

interface Publish {
  readonly line: { deaf: boolean; dead: boolean; closed: boolean }
  readonly number: number
  readonly id: string
  readonly payload: Uint8Array
  readonly expected: Expected
  readonly answered: (number: number, answer: Answer) => void
}

const duplicateWindow = 2_000

/** A stream as nats-server 2.9 keeps one, as far as a relay can tell, with faults on demand. */
export class ModelStream {
  messages: Message[] = []
  /** Ids that a purge or a wipe took, after the stream had them. */
  readonly takenAway = new Set<string>()
  /** Ids that a relay knows to be in the stream. */
  readonly confirmed = new Set<string>()
  unreliable = false
  private created = 1
  private lastSequence = 0
  private purgedUpTo = 0
  private lastId = ''
  private remembered = new Map<string, Message>()
  private queue: Publish[] = []
  private readonly clock: WallClock
  private readonly random: () => number

  constructor(clock: WallClock, random: () => number) {
    this.clock = clock
    this.random = random
  }

  port(): StreamPort {
    return {
      stream: 'model',
      look: async () => {
        if (this.fails(0.2)) throw new Error('timeout')
        for (const { id } of this.messages) this.confirmed.add(id)
        const last = this.messages.at(-1)
        return {
          created: `${this.created}`,
          lastSequence: this.lastSequence,
          last: last && {
            id: parseRowId(last.id)!,
            sequence: last.sequence,
            payload: last.payload,
            isReplacement: false,
          },
          made: false,
          takes: () => true,
          prefix: '',
          strays: 0,
          maxMessageBytes: 1_000_000,
        }
      },
      open: async (answered) => {
        const line = { deaf: false, dead: false, closed: false }
        return {
          publish: (number, id, { payload }, expected) =>
            void this.queue.push({ line, number, id, payload, expected, answered }),
          close: () => {
            line.closed = true
          },
        }
      },
    }
  }

  /** What was sent arrives, also on lines that were given up, and is answered; or the line breaks. */
  deliver(): void {
    for (let sent = this.queue.shift(); sent; sent = this.queue.shift()) {
      const { line, number, id, payload, expected, answered } = sent
      if (this.fails(0.03)) line.dead = true
      if (line.dead) continue
      const answer = this.accept(id, payload, expected)
      if (this.fails(0.03)) line.deaf = true
      if (!line.deaf && !line.closed) answered(number, answer)
      // Some of it only arrives later, when something else has happened.
      if (this.fails(0.2)) return
    }
  }

  /** The server restarts: it remembers ids within the window, and the last one only if that is so young. */
  kill(): void {
    const young = this.clock.now() - duplicateWindow
    this.remembered = new Map(this.messages.filter(({ time }) => time > young).map((each) => [each.id, each]))
    const last = this.messages.at(-1)
    this.lastId = last && last.time > young ? last.id : ''
  }

  /** What was not synced by `time` is gone, and the server restarts. */
  loseTail(time: number): void {
    this.messages = this.messages.filter((message) => message.time <= time)
    this.lastSequence = Math.max(this.purgedUpTo, this.messages.at(-1)?.sequence ?? 0)
    this.kill()
  }

  purge(): void {
    for (const { id } of this.messages) this.takenAway.add(id)
    this.messages = []
    this.purgedUpTo = this.lastSequence
  }

  /** Deleted and made again. */
  recreate(): void {
    // What was never confirmed must come again; what was, must not.
    for (const id of this.confirmed) this.takenAway.add(id)
    this.messages = []
    this.created++
    this.lastSequence = 0
    this.purgedUpTo = 0
    this.lastId = ''
    this.remembered.clear()
  }

  private accept(id: string, payload: Uint8Array, expected: Expected): Answer {
    const time = this.clock.now()
    const known = this.remembered.get(id)
    if (known && known.time > time - duplicateWindow)
      return { taken: true, sequence: known.sequence, duplicate: true }
    if ('id' in expected && expected.id !== this.lastId) return refused(10070, 'wrong last msg ID')
    if ('sequence' in expected && expected.sequence !== this.lastSequence)
      return refused(10071, 'wrong last sequence')
    const message = { id, payload, sequence: ++this.lastSequence, time }
    this.messages.push(message)
    this.remembered.set(id, message)
    this.lastId = id
    return { taken: true, sequence: message.sequence, duplicate: false }
  }

  private fails(probability: number): boolean {
    return this.unreliable && this.random() < probability
  }
}

const refused = (code: number, description: string): Answer => ({
  taken: false,
  refusal: { code, description },
})
