import { crashPoint } from '../state/crash-point.ts'
import type { Lineage } from '../state/lineage.ts'
import type { Outbox, OutboxKey, OutboxRow } from '../state/store.ts'
import type { Duration } from '../time/duration.ts'
import type { WallClock } from '../time/wall-clock.ts'
import type { OutboxMessage } from './outbox-message.ts'
import { notPermitted, type Refusal, tooLarge } from './refusal.ts'
import { idOfRow } from './row-id.ts'
import { RowsAfter } from './rows-after.ts'
import { type Answer, bytesBesidePayload, type Line } from './stream-line.ts'

/** A row on its way. */
export interface SentRow {
  readonly key: OutboxKey
  readonly id: string
  readonly subject: string
  readonly bytes: number
  /** A dead letter goes in its place. */
  readonly replaced: boolean
}

export type RunEnd =
  /** `row` was refused; all before it are confirmed, none after it. */
  | { readonly kind: 'refused'; readonly row: SentRow; readonly refusal: Refusal }
  /** The server takes `row` for one it has, and the stream no longer holds it. */
  | { readonly kind: 'remembered'; readonly row: SentRow }
  /** The first row of a stream was taken: see which stream that is before it counts as confirmed. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'silent' | 'stopped' | 'drained' }

export interface RunOptions {
  readonly outbox: Outbox
  readonly store: Lineage
  readonly clock: WallClock
  /** The newest row that is not to be sent. */
  readonly after: OutboxKey | undefined
  /** The stream's last sequence at that place. */
  readonly lastSequence: number
  readonly maxMessageBytes: number
  readonly rowsInFlight: number
  readonly bytesInFlight: number
  readonly answerWithin: Duration
  /** What is published for a row: its own message, or the dead letter in its place. */
  readonly messageOf: (row: OutboxRow) => OutboxMessage & { readonly replaced?: boolean }
  readonly confirmed: (row: SentRow, sequence: number) => void
}

interface InFlight extends SentRow {
  answer?: Answer
}

/**
 * Publishes rows in order from one place, many in flight, each naming the one before it, until something
 * breaks the chain. The first names the stream's sequence instead: a server forgets its last message id
 * when it restarts after the duplicate window. An ended run has nothing in flight that could still count.
 */
export class PublishRun {
  readonly ended: Promise<RunEnd>
  /** The newest row sent. */
  newest: OutboxKey | undefined
  private readonly options: RunOptions
  private line: Line | undefined
  private end: (end: RunEnd) => void = () => {}
  private readonly rows: RowsAfter
  private lastId: string | undefined
  private readonly inFlight = new Map<number, InFlight>()
  private bytes = 0
  private first = 0
  private next = 0
  private unanswered = 0
  private answers = 0
  private broken = false
  private draining = false
  private unlisten: () => void = () => {}
  private unwatch: () => void = () => {}

  constructor(options: RunOptions) {
    this.options = options
    this.rows = new RowsAfter(options.outbox, options.after)
    this.ended = new Promise((resolve) => {
      this.end = (end) => {
        this.unlisten()
        this.unwatch()
        this.line?.close()
        this.broken = true
        this.end = () => {}
        resolve(end)
      }
    })
  }

  start(line: Line): void {
    this.line = line
    this.unlisten = this.options.outbox.onAppend(() => this.fill())
    this.watch()
    this.fill()
  }

  /** Ends the run once everything in the outbox is confirmed. */
  drain(): void {
    this.draining = true
    this.fill()
  }

  stop(): void {
    this.end({ kind: 'stopped' })
  }

  answered(number: number, answer: Answer): void {
    const row = this.inFlight.get(number)
    if (!row || row.answer) return
    row.answer = answer
    this.answers++
    this.unanswered--
    if (!answer.taken) this.broken = true
    this.settle()
    this.fill()
  }

  /** The server does not let this client publish to `subject`: the row is not answered in any other way. */
  violated(subject: string): void {
    for (const [number, row] of this.inFlight) {
      if (row.subject !== subject || row.answer) continue
      this.answered(number, { taken: false, refusal: notPermitted(subject) })
      return
    }
  }

  private fill(): void {
    const { bytesInFlight } = this.options
    // The first goes alone. A purged stream may remember the id of a row it no longer holds, and would let
    // the row behind it pass.
    const rowsInFlight = this.first > 0 ? this.options.rowsInFlight : 1
    while (!this.broken && this.inFlight.size < rowsInFlight && this.bytes < bytesInFlight) {
      const row = this.rows.next()
      if (!row) break
      this.send(row)
    }
    if (this.draining && !this.broken && this.inFlight.size === 0) this.end({ kind: 'drained' })
  }

  private send(row: OutboxRow): void {
    const { store, messageOf, lastSequence, maxMessageBytes } = this.options
    const message = messageOf(row)
    const id = idOfRow(store, row)
    const bytes = message.payload.length + bytesBesidePayload(id)
    const key = { position: row.position, index: row.index }
    const sent: InFlight = { key, id, subject: message.subject, bytes, replaced: message.replaced ?? false }
    this.newest = key
    const expected = this.lastId === undefined ? { sequence: lastSequence } : { id: this.lastId }
    this.inFlight.set(this.next, sent)
    this.bytes += bytes
    this.unanswered++
    this.lastId = id
    const number = this.next++
    if (bytes > maxMessageBytes) {
      // The server would close the connection on it, and everybody's publishes with it.
      this.answered(number, { taken: false, refusal: tooLarge(bytes, maxMessageBytes) })
      return
    }
    try {
      this.line?.publish(number, id, message, expected)
    } catch (error) {
      this.answered(number, { taken: false, refusal: { code: 0, description: String(error) } })
      return
    }
    crashPoint('relay published')
  }

  /** Counts what is confirmed, in order, and ends the run when a refusal has come to the front. */
  private settle(): void {
    for (let row = this.inFlight.get(this.first); row?.answer; row = this.inFlight.get(this.first)) {
      const { answer } = row
      if (!answer.taken) {
        // What is behind it is refused as well; wait for that, so that no late answer is misread.
        if (this.unanswered === 0) this.end({ kind: 'refused', row, refusal: answer.refusal })
        return
      }
      if (answer.duplicate && answer.sequence <= this.options.lastSequence) {
        this.end({ kind: 'remembered', row })
        return
      }
      // An empty stream looks like any other empty one, also like the one made in its place since the look.
      if (this.options.lastSequence === 0 && this.first === 0) {
        this.end({ kind: 'begun' })
        return
      }
      this.inFlight.delete(this.first++)
      this.bytes -= row.bytes
      this.options.confirmed(row, answer.sequence)
    }
  }

  /** The front row has had its time when no answer at all came since it was seen waiting. */
  private watch(): void {
    const seen = this.answers
    const front = this.unanswered > 0 ? this.first : undefined
    this.unwatch = this.options.clock.after(this.options.answerWithin, () => {
      if (front === this.first && this.answers === seen) this.end({ kind: 'silent' })
      else this.watch()
    })
  }
}
