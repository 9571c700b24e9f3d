import type { EntryKind, JournalEntry, JournalReceipt } from '../journal-entry.ts'
import type { JournalRow } from '../store.ts'
import { decode, encode } from './codec.ts'
import { type Columns, objectReader, toColumns } from './columns.ts'
import { type JoinedText, joinText, splitText } from './joined-text.ts'

/** Entries a row: enough to share its overhead, few enough to be read for the sake of one actor. */
export const entriesPerRow = 256

/** Index of a row, readable without its entries: whose they are, and which deliveries they answer. */
export interface RowHead {
  /** `keyHash` of the actor of each entry. */
  readonly hashes: Uint32Array
  readonly senders: readonly string[]
  /** The source of each of `senders`. Left out when none has a name. */
  readonly sources?: readonly string[]
  /** Per receipt: index into `senders`, number, checksum. */
  readonly receipts: Float64Array
}

/** The entries column by column, so that equal neighbours cost little. */
interface RowBody {
  readonly stages: readonly string[]
  readonly stageOf: Uint8Array
  readonly kinds: Uint8Array
  readonly arrivals: Float64Array
  readonly actors: JoinedText
  readonly events: Columns | readonly unknown[]
}

type EntryColumns = Omit<RowBody, 'events' | 'actors'> & { readonly actors: readonly string[] }

const kindCodes: readonly EntryKind[] = ['event', 'idle', 'close', 'answer', 'value']
const deadFlag = 0x80

/** An entry on its way into a row; its position follows from its place. */
export interface OpenEntry extends Omit<JournalEntry, 'position'> {
  /** `keyHash` of the actor. */
  readonly hash: number
}

/** A row that is being filled. Entries are taken apart at once: no object is kept for each. */
export class OpenJournalRow {
  readonly position: number
  length = 0
  readonly stages: string[] = []
  readonly stageOf = new Uint8Array(entriesPerRow)
  readonly kinds = new Uint8Array(entriesPerRow)
  readonly arrivals = new Float64Array(entriesPerRow)
  readonly actors: string[] = []
  private readonly hashes = new Uint32Array(entriesPerRow)
  private readonly events: unknown[] = []
  private readonly senders: string[] = []
  private readonly sources: string[] = []
  /** Indexes into `senders`, by source and sender. */
  private readonly known = new Map<string, Map<string, number>>()
  /** At most one an entry. */
  private readonly receipts = new Float64Array(3 * entriesPerRow)
  private receiptsEnd = 0

  constructor(position: number) {
    this.position = position
  }

  get isFull(): boolean {
    return this.length === entriesPerRow
  }

  append({ stage, actor, hash, kind, verdict, arrival, event }: OpenEntry): void {
    const index = this.length++
    let known = this.stages.indexOf(stage)
    if (known < 0) known = this.stages.push(stage) - 1
    this.stageOf[index] = known
    this.hashes[index] = hash
    this.kinds[index] = kindCodes.indexOf(kind) | (verdict === 'dead' ? deadFlag : 0)
    this.arrivals[index] = arrival
    this.actors.push(actor)
    this.events.push(event)
  }

  remember({ source, sender, number, checksum }: JournalReceipt): void {
    this.receipts[this.receiptsEnd] = this.indexOf(source, sender)
    this.receipts[this.receiptsEnd + 1] = number
    this.receipts[this.receiptsEnd + 2] = checksum
    this.receiptsEnd += 3
  }

  /** The entries whose actor may be `hash`, from position `from` on, in order. */
  *entriesOf(hash: number, from: number): Generator<JournalEntry> {
    for (let index = 0; index < this.length; index++) {
      if (this.hashes[index] === hash && this.position + index >= from) {
        yield entryAt(this, this.events[index], this.position, index)
      }
    }
  }

  encode(): JournalRow {
    const { length, actors, stages } = this
    const head = encode({
      hashes: this.hashes.slice(0, length),
      senders: this.senders,
      ...(this.sources.some((source) => source !== '') && { sources: this.sources }),
      receipts: this.receipts.slice(0, this.receiptsEnd),
    } satisfies RowHead)
    const body = encode({
      stages,
      stageOf: this.stageOf.slice(0, length),
      kinds: this.kinds.slice(0, length),
      arrivals: this.arrivals.slice(0, length),
      actors: joinText(actors),
      events: toColumns(this.events, actors) ?? this.events,
    } satisfies RowBody)
    const bytes = new Uint8Array(4 + head.length + body.length)
    new DataView(bytes.buffer).setUint32(0, head.length)
    bytes.set(head, 4)
    bytes.set(body, 4 + head.length)
    return { position: this.position, bytes }
  }

  private indexOf(source: string, sender: string): number {
    const known = this.known.get(source) ?? new Map<string, number>()
    this.known.set(source, known)
    const index = known.get(sender)
    if (index !== undefined) return index
    const added = this.senders.push(sender) - 1
    this.sources.push(source)
    known.set(sender, added)
    return added
  }
}

const headLength = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)

export const readRowHead = (bytes: Uint8Array): RowHead => decode(bytes.subarray(4, 4 + headLength(bytes)))

/** Actor hashes of a row's entries, in order. */
export const readRowHashes = (bytes: Uint8Array): Uint32Array => readRowHead(bytes).hashes

export const receiptsOf = ({ senders, sources, receipts }: RowHead): JournalReceipt[] =>
  Array.from({ length: receipts.length / 3 }, (_, index) => ({
    source: sources?.[receipts[index * 3]!] ?? '',
    sender: senders[receipts[index * 3]!]!,
    number: receipts[index * 3 + 1]!,
    checksum: receipts[index * 3 + 2]!,
  }))

export const readRowEntries = (row: JournalRow): JournalEntry[] => new JournalRowReader(row).entries()

/** Gives the entries of a row one by one. */
export class JournalRowReader {
  private readonly position: number
  private readonly columns: EntryColumns
  private readonly eventAt: (index: number) => unknown

  constructor({ position, bytes }: JournalRow) {
    this.position = position
    const { events, ...columns } = decode<RowBody>(bytes.subarray(4 + headLength(bytes)))
    const actors = splitText(columns.actors)
    this.columns = { ...columns, actors }
    this.eventAt = 'columns' in events ? objectReader(events, actors) : (index) => events[index]
  }

  entries(): JournalEntry[] {
    return this.columns.actors.map((_, index) => this.entry(index))
  }

  entry(index: number): JournalEntry {
    const { columns, eventAt, position } = this
    return entryAt(columns, eventAt(index), position, index)
  }
}

function entryAt(
  { stages, stageOf, kinds, arrivals, actors }: EntryColumns,
  event: unknown,
  position: number,
  index: number,
): JournalEntry {
  const code = kinds[index]!
  return {
    position: position + index,
    stage: stages[stageOf[index]!]!,
    actor: actors[index]!,
    kind: kindCodes[code & ~deadFlag]!,
    verdict: code & deadFlag ? 'dead' : 'accepted',
    arrival: arrivals[index]!,
    event,
  }
}
