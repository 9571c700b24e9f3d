import type { Lineage } from '../state/lineage.ts'
import type { Outbox, OutboxKey, OutboxRow } from '../state/store.ts'
import { decodeOutboxMessage } from './outbox-message.ts'
import { reportsOf } from './place-reports.ts'
import type { Published } from './published.ts'
import { type RelayReport, StreamTaken } from './relay-report.ts'
import { compareKeys, idOfRow } from './row-id.ts'
import { type Confirmed, type NewestRow, type Place, placeInStream } from './stream-place.ts'
import type { StreamLook } from './stream-port.ts'

export interface Finding {
  /** What the stream holds of this outbox, undefined for nothing. */
  readonly confirmed: Confirmed | undefined
  /** Rows that were sent and are there, although their confirmation was lost. */
  readonly published: readonly Published[]
  readonly reports: readonly RelayReport[]
}

export interface FindOptions {
  readonly stream: string
  readonly outbox: Outbox
  readonly store: Lineage
  readonly takeOver: readonly string[]
  readonly confirmed: Confirmed | undefined
  /** The newest row that is no longer in the outbox. */
  readonly removed: OutboxKey | undefined
  /** The newest row sent by this process. */
  readonly sent: OutboxKey | undefined
}

/** Applies the rule of the place to an outbox. Throws `StreamTaken` when another writes to the stream. */
export const findPlace = (look: StreamLook, options: FindOptions): Finding => {
  const { stream, outbox, store, takeOver, confirmed, sent } = options
  const wrote = (row: NewestRow): boolean => wroteRow(outbox, row)
  const place = placeInStream(look, confirmed, {
    epoch: store.epoch,
    ancestors: store.ancestors ?? [],
    takeOver,
    wrote,
  })
  if (place.kind === 'taken') throw new StreamTaken({ stream, ...place })
  const key = place.kind === 'back' ? goBack(outbox, confirmed!.key, place.rows) : place.key
  const more = place.found === 'more than known' && sent ? sentRows(outbox, confirmed?.key, key!, sent) : []
  const lastSequence = look.last?.sequence ?? 0
  return {
    confirmed: key && { created: look.created, key, sequence: sequenceAt(place, look, confirmed) },
    published: more.map((row, at) => ({
      id: idOfRow(store, row),
      subject: look.prefix + decodeOutboxMessage(row.bytes).subject,
      stream,
      sequence: lastSequence - more.length + 1 + at,
    })),
    reports: reportsOf(look, place, key, options),
  }
}

/** What the stream holds counts, and not what is remembered of it. */
const trustingStream: readonly string[] = ['more than known', 'tail lost', 'as left', 'restored']

/** Rows are read this many at a time. */
const page = 64

/** The sequence that stands for everything confirmed, in the stream as it is now. */
function sequenceAt(place: Place, look: StreamLook, confirmed: Confirmed | undefined): number {
  if (place.kind !== 'after') return look.lastSequence
  const fromStream = trustingStream.includes(place.found)
  if (fromStream && look.last) return look.last.sequence
  return place.found === 'recreated' || !confirmed ? look.lastSequence : confirmed.sequence
}

/** An id alone proves nothing: a copy of the store counts on from the same position. */
function wroteRow(outbox: Outbox, { id, payload, isReplacement }: NewestRow): boolean {
  const { position, index } = id.key
  const before = index > 0 ? { position, index: index - 1 } : { position: position - 1, index: 0xffff_ffff }
  const [row] = outbox.read(before.position < 0 ? undefined : before, 1)
  if (row?.position !== position || row.index !== index) return false
  return isReplacement || Buffer.compare(decodeOutboxMessage(row.bytes).payload, payload) === 0
}

/** The row so many before `key`, undefined when the outbox does not reach back that far. */
function goBack(outbox: Outbox, key: OutboxKey, rows: number): OutboxKey | undefined {
  let held = 0
  for (const _ of rowsUpTo(outbox, undefined, key)) held++
  let passed = 0
  for (const { position, index } of rowsUpTo(outbox, undefined, key)) {
    if (++passed === held - rows) return { position, index }
  }
  return undefined
}

function sentRows(
  outbox: Outbox,
  after: OutboxKey | undefined,
  upTo: OutboxKey,
  sent: OutboxKey,
): OutboxRow[] {
  return compareKeys(upTo, sent) > 0 ? [] : [...rowsUpTo(outbox, after, upTo)]
}

function* rowsUpTo(outbox: Outbox, after: OutboxKey | undefined, upTo: OutboxKey): Generator<OutboxRow> {
  for (let rows = outbox.read(after, page); rows.length > 0; rows = outbox.read(rows.at(-1), page)) {
    for (const row of rows) {
      if (compareKeys(row, upTo) > 0) return
      yield row
    }
  }
}
