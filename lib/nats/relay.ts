import { crashPoint } from '../state/crash-point.ts'
import type { Outbox, OutboxKey, OutboxRow, Store } from '../state/store.ts'
import { type Duration, milliseconds, seconds } from '../time/duration.ts'
import type { WallClock } from '../time/wall-clock.ts'
import { findPlace } from './find-place.ts'
import type { LetterRoom } from './message-writer.ts'
import { noAnswer } from './no-answer.ts'
import { decodeOutboxMessage, type OutboxMessage } from './outbox-message.ts'
import { PublishRun, type RunEnd, type SentRow } from './publish-run.ts'
import type { Published } from './published.ts'
import { meaningOf, type Refusal } from './refusal.ts'
import { RefusedRow } from './refused-row.ts'
import { RelayMemory } from './relay-memory.ts'
import { type RelayReport, StreamTaken, type Taken } from './relay-report.ts'
import { idOfRow } from './row-id.ts'
import { bytesBesidePayload } from './stream-line.ts'
import type { StreamLook, StreamPort } from './stream-port.ts'
import { unlessStopped } from './unless-stopped.ts'

export interface RelayOptions {
  readonly store: Store
  readonly sink: string
  readonly port: StreamPort
  readonly clock: WallClock
  /** Resolves when the server can be reached. Rejects when it never will be again. */
  readonly reachable: () => Promise<unknown>
  readonly takeOver: readonly string[]
  readonly syncInterval: Duration
  readonly triesPerRow: number
  readonly rowsInFlight: number
  readonly bytesInFlight: number
  readonly answerWithin: Duration
  /** What takes the place of a message that the stream does not take. */
  readonly deadLetterOf: (
    message: OutboxMessage,
    row: OutboxKey,
    refusal: Refusal,
    room: LetterRoom,
  ) => OutboxMessage
  readonly published: (row: Published) => void
  readonly report: (report: RelayReport) => void
}

/**
 * Publishes the outbox of one sink to one stream, each row once and in order, through outages, crashes and
 * restarts on either side. The rules are in docs/relay.md.
 */
export class Relay {
  private readonly options: RelayOptions
  private readonly outbox: Outbox
  private readonly memory: RelayMemory
  private current: PublishRun | undefined
  private readonly refusedRow: RefusedRow
  /** Rounds in a row that confirmed nothing. */
  private futile = 0
  private sent: OutboxKey | undefined
  /** What has been said since something was confirmed. */
  private readonly said = new Set<string>()
  /** What was said of the stream's subjects at the last look. */
  private subjects: string | undefined
  /** What goes before every subject, and which the stream takes, as it was seen last. */
  private prefix = ''
  private takes: StreamLook['takes'] = () => true
  private maxMessageBytes = 0
  /** Another store wrote to the stream, as it was seen last. */
  private isTaken = false
  private draining = false
  private abandon: () => void = () => {}
  private readonly stopping = new AbortController()

  constructor(options: RelayOptions) {
    this.options = options
    this.outbox = options.store.outbox(options.sink)
    this.memory = new RelayMemory(options)
    this.refusedRow = new RefusedRow(options.triesPerRow)
  }

  /** Resolves when stopped or drained. While another store writes to the stream it waits, and looks again. */
  async run(): Promise<void> {
    try {
      while (!this.stopped) {
        await unlessStopped(this.options.reachable(), this.stopping.signal)
        if (this.stopped) return
        const end = await this.round().catch((error: unknown) => this.unanswered(error))
        if (end?.kind === 'drained') return await this.memory.save()
        if (!this.stopped) await this.afterRound(end)
      }
    } finally {
      this.stop()
    }
  }

  /** From now on `run` resolves as soon as everything in the outbox is confirmed. */
  drain(): void {
    this.draining = true
    this.current?.drain()
  }

  /** At once; what is not confirmed stays in the outbox. */
  stop(): void {
    this.stopping.abort()
    this.memory.stop()
    this.current?.stop()
  }

  /** There is no connection: what is in flight may or may not have arrived. */
  interrupt(): void {
    this.abandon()
    this.current?.stop()
  }

  /** Looks at the stream, finds the place and publishes from there until something breaks. */
  private async round(): Promise<RunEnd | undefined> {
    const { port } = this.options
    // The client forgets a request when its connection is lost, and would wait for the answer in vain.
    const abandoned = new Promise<undefined>((resolve) => {
      this.abandon = () => resolve(undefined)
    })
    const looked = Promise.race([port.look(this.memory.confirmed), abandoned])
    const look = await unlessStopped(looked, this.stopping.signal)
    if (!look || this.stopped) return { kind: 'stopped' }
    this.resume(look)
    const run = new PublishRun({
      ...this.options,
      outbox: this.outbox,
      after: this.memory.confirmed?.key,
      lastSequence: look.lastSequence,
      maxMessageBytes: this.maxMessageBytes,
      messageOf: (row) => this.messageOf(row),
      confirmed: (row, sequence) => this.confirmed(row, sequence, look.created),
    })
    const line = await port.open(
      (number, answer) => run.answered(number, answer),
      (subject) => run.violated(subject),
    )
    this.current = run
    run.start(line)
    if (this.draining) run.drain()
    if (this.stopped) run.stop()
    const end = await run.ended
    this.current = undefined
    this.sent = run.newest ?? this.sent
    return end
  }

  private resume(look: StreamLook): void {
    const { port, store, takeOver } = this.options
    const { confirmed, removed } = this.memory
    const finding = findPlace(look, {
      stream: port.stream,
      outbox: this.outbox,
      store,
      takeOver,
      confirmed,
      removed,
      sent: this.sent,
    })
    if (this.isTaken) this.report('resumed', `stream "${port.stream}" has no other writer any more: going on`)
    this.isTaken = false
    for (const { kind, message } of finding.reports) this.report(kind, message)
    if (look.subjects && look.subjects !== this.subjects) {
      this.report('subjects', `stream "${port.stream}" ${look.subjects}`)
    }
    this.subjects = look.subjects
    this.prefix = look.prefix
    this.takes = look.takes
    this.maxMessageBytes = look.maxMessageBytes
    this.memory.resume(finding.confirmed)
    this.refusedRow.foundUpTo(finding.confirmed?.key)
    for (const row of finding.published) this.options.published(row)
  }

  private messageOf(row: OutboxRow): OutboxMessage & { readonly replaced: boolean } {
    const message = decodeOutboxMessage(row.bytes)
    const refusal = this.refusedRow.replacementFor(row)
    const { takes, maxMessageBytes } = this
    const bytes = maxMessageBytes - bytesBesidePayload(idOfRow(this.options.store, row))
    const sent = refusal ? this.options.deadLetterOf(message, row, refusal, { takes, bytes }) : message
    return { ...sent, subject: this.prefix + sent.subject, replaced: refusal !== undefined }
  }

  private confirmed(row: SentRow, sequence: number, created: string): void {
    const { published } = this.options
    this.memory.confirm({ created, key: row.key, sequence })
    crashPoint('relay confirmed')
    this.futile = 0
    this.said.clear()
    const refusal = this.refusedRow.taken(row.key)
    if (refusal && row.replaced) this.report('dead', `${row.id} became a dead letter: ${inWords(refusal)}`)
    published({ id: row.id, subject: row.subject, stream: this.options.port.stream, sequence })
  }

  private async afterRound(end: RunEnd | undefined): Promise<void> {
    this.futile++
    if (end?.kind === 'refused') this.refused(end.row, end.refusal)
    if (end?.kind === 'silent')
      this.report('waiting', noAnswer(this.options.port.stream, 'the server does not answer'))
    if (end?.kind === 'remembered') {
      this.report(
        'waiting',
        `${end.row.id} was purged unconfirmed: sent again once the server forgets its id`,
      )
    }
    // A broken chain is looked into at once, as long as that gets somewhere.
    const again = end?.kind === 'refused' && this.futile === 1 && meaningOf(end.refusal) === 'chain'
    if (!again && end?.kind !== 'stopped' && end?.kind !== 'begun') await this.pause()
  }

  private refused(row: SentRow, refusal: Refusal): void {
    const meaning = meaningOf(refusal)
    if (meaning === 'chain') {
      if (this.futile > 5) this.report('waiting', `the stream keeps changing: ${inWords(refusal)}`)
    } else if (meaning === 'stream') {
      this.report('waiting', `the stream takes nothing: ${inWords(refusal)}`)
    } else {
      this.refusedRow.refused(row, refusal, meaning === 'size')
      const what = row.replaced ? `the dead letter of ${row.id}` : row.id
      this.report('refused', `${what} to "${row.subject}" is not taken: ${inWords(refusal)}`)
    }
  }

  private unanswered(error: unknown): undefined {
    if (error instanceof StreamTaken) {
      const { message, taken } = error
      this.isTaken = true
      this.report('taken', message, taken)
    } else {
      this.report('waiting', noAnswer(this.options.port.stream, error))
    }
    return undefined
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted
  }

  /** The same thing is said once, until something has got through. */
  private report(kind: RelayReport['kind'], message: string, taken?: Taken): void {
    if (this.said.has(message)) return
    this.said.add(message)
    this.options.report({ kind, message, ...(taken ? { taken } : {}) })
  }

  private async pause(): Promise<void> {
    const delay = Math.min(milliseconds(50) * 2 ** this.futile, seconds(2))
    let cancel = (): void => {}
    const over = new Promise<void>((resolve) => {
      cancel = this.options.clock.after(delay, resolve)
    })
    await unlessStopped(over, this.stopping.signal)
    cancel()
  }
}

const inWords = ({ code, description }: Refusal): string => (code ? `${description} (${code})` : description)
