import { decode, encode } from './codec.ts'
import type { EntryKind, JournalEntry, JournalReceipt, Verdict } from './journal-entry.ts'
import type { JournalRow } from './store.ts'

/** Entries a row: enough to share its overhead, few enough to be read for the sake of one actor. */
export const entriesPerRow = 256

/** Index of a row, readable without its entries: whose they are, and which deliveries they answer. */
interface RowHead {
  /** `keyHash` of the actor of each entry. */
  readonly hashes: Uint32Array
  readonly senders: readonly string[]
  /** Per receipt: index into `senders`, number, checksum. */
  readonly receipts: Float64Array
}

/** The entries column by column, so that equal neighbours cost little. */
interface RowBody {
  readonly stages: readonly string[]
  readonly stageOf: Uint8Array
  readonly kinds: Uint8Array
  readonly arrivals: Float64Array
  readonly actors: readonly string[]
  readonly events: readonly unknown[]
}

/** An entry before it is encoded; `position` follows from its place. */
export interface OpenEntry extends Omit<JournalEntry, 'position'> {
  readonly hash: number
}

const kindCodes: readonly EntryKind[] = ['event', 'idle', 'close']
const deadFlag = 0x80

export function encodeJournalRow(
  position: number,
  entries: readonly OpenEntry[],
  receipts: readonly JournalReceipt[],
): JournalRow {
  const hashes = new Uint32Array(entries.length)
  const stageOf = new Uint8Array(entries.length)
  const kinds = new Uint8Array(entries.length)
  const arrivals = new Float64Array(entries.length)
  const actors: string[] = []
  const events: unknown[] = []
  const stages: string[] = []
  entries.forEach((entry, index) => {
    hashes[index] = entry.hash
    let stage = stages.indexOf(entry.stage)
    if (stage < 0) stage = stages.push(entry.stage) - 1
    stageOf[index] = stage
    kinds[index] = kindCodes.indexOf(entry.kind) | (entry.verdict === 'dead' ? deadFlag : 0)
    arrivals[index] = entry.arrival
    actors.push(entry.actor)
    events.push(entry.event)
  })
  const head = encode({ hashes, ...packReceipts(receipts) } satisfies RowHead)
  const body = encode({ stages, stageOf, kinds, arrivals, actors, events } satisfies RowBody)
  const bytes = new Uint8Array(4 + head.length + body.length)
  new DataView(bytes.buffer).setUint32(0, head.length)
  bytes.set(head, 4)
  bytes.set(body, 4 + head.length)
  return { position, bytes }
}

function packReceipts(receipts: readonly JournalReceipt[]): Pick<RowHead, 'senders' | 'receipts'> {
  const senders = new Map<string, number>()
  const packed = new Float64Array(receipts.length * 3)
  receipts.forEach(({ sender, number, checksum }, index) => {
    const known = senders.get(sender) ?? senders.size
    senders.set(sender, known)
    packed.set([known, number, checksum], index * 3)
  })
  return { senders: [...senders.keys()], receipts: packed }
}

const headLength = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)

const decodeHead = (bytes: Uint8Array): RowHead => decode(bytes.subarray(4, 4 + headLength(bytes)))

/** Actor hashes of a row's entries, in order. */
export const readRowHashes = (bytes: Uint8Array): Uint32Array => decodeHead(bytes).hashes

export function readRowReceipts(bytes: Uint8Array): JournalReceipt[] {
  const { senders, receipts } = decodeHead(bytes)
  return Array.from({ length: receipts.length / 3 }, (_, index) => ({
    sender: senders[receipts[index * 3]!]!,
    number: receipts[index * 3 + 1]!,
    checksum: receipts[index * 3 + 2]!,
  }))
}

export function readRowEntries({ position, bytes }: JournalRow): JournalEntry[] {
  const body = decode<RowBody>(bytes.subarray(4 + headLength(bytes)))
  return body.events.map((event, index) => {
    const code = body.kinds[index]!
    const verdict: Verdict = code & deadFlag ? 'dead' : 'accepted'
    return {
      position: position + index,
      stage: body.stages[body.stageOf[index]!]!,
      actor: body.actors[index]!,
      kind: kindCodes[code & ~deadFlag]!,
      verdict,
      arrival: body.arrivals[index]!,
      event,
    }
  })
}
