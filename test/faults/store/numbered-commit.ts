import { OpenJournalRow, readRowEntries } from '../../../lib/state/rows/journal-row.ts'
import { keyHash } from '../../../lib/state/rows/key-hash.ts'
import type { Checkpoint, Commit, Outbox, Store, StoreReader } from '../../../lib/state/store.ts'

const actors = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** The store gave what no commit ever wrote. */
export class ProofBroken extends Error {
  override readonly name = 'ProofBroken'
}

/** Every row of commit number `n` says so: half of one cannot hide. */
export const numberedCommit = (n: number, rowBytes: number): Commit => {
  const bytes = Buffer.alloc(rowBytes, `${n} `)
  const row = new OpenJournalRow(n)
  const entry = { stage: 'stage', actor: 'a', kind: 'event', verdict: 'accepted', arrival: n } as const
  row.append({ ...entry, hash: keyHash('a'), event: bytes.toString() })
  return {
    journal: [row.encode()],
    outbox: [0, 1, 2].map((index) => ({ sink: 'sink', position: n, index, bytes })),
    notes: new Map([['number', bytes]]),
  }
}

/** So does every row of the checkpoint that follows it. */
export const numberedCheckpoint = (n: number, rowBytes: number): Checkpoint => {
  const bytes = Buffer.alloc(rowBytes, `${n} `)
  return {
    states: actors.map((actor) => ({ stage: 'stage', actor, step: 'step', subkey: '', bytes })),
    trimJournalBefore: n - 50,
  }
}

/** Commits number `n` and saves it. */
export const writeNumber = async (store: Store, n: number, rowBytes: number): Promise<void> => {
  await store.commit(numberedCommit(n, rowBytes))
  await store.checkpoint(numberedCheckpoint(n, rowBytes))
}

const numberIn = (bytes: Uint8Array | undefined): number =>
  bytes ? Number(Buffer.from(bytes).toString().split(' ')[0]) : 0

/**
 * The number of the last commit; throws `ProofBroken` when a commit or a checkpoint is there in part, or
 * states are of a commit that is not there, or more than `mostBehind` commits older than the last.
 */
export const readProof = (
  store: StoreReader & { outbox?(sink: string): Outbox },
  mostBehind = 1,
): { readonly number: number } => {
  const number = numberIn(store.readNote('number'))
  const states = [...store.actors('stage')]
    .flatMap(({ actor, states }) => states.map(({ bytes }) => [actor, numberIn(bytes)] as const))
    .sort()
  const journal = [...store.readJournal()].map(
    (row) => [row.position, numberIn(Buffer.from(readRowEntries(row)[0]?.event as string))] as const,
  )
  const waiting = store.outbox?.('sink').read(undefined, 1_000_000) ?? []
  const saved = states[0]?.[1] ?? 0
  const expected = saved === 0 ? [] : actors.map((actor) => [actor, saved])
  if (saved > number || saved < number - mostBehind || JSON.stringify(states) !== JSON.stringify(expected))
    throw new ProofBroken(`states of ${number}: ${JSON.stringify(states)}`)
  if ((journal.at(-1)?.[0] ?? 0) !== number)
    throw new ProofBroken(`journal of ${number} ends at ${journal.at(-1)?.[0]}`)
  for (const [position, named] of journal) {
    if (position !== named) throw new ProofBroken(`journal row ${position} says ${named}`)
  }
  for (let i = 1; i < journal.length; i++) {
    if (journal[i]?.[0] !== (journal[i - 1]?.[0] ?? 0) + 1)
      throw new ProofBroken(`journal has a gap at ${journal[i]?.[0]}`)
  }
  for (const { position, bytes } of waiting) {
    if (numberIn(bytes) !== position) throw new ProofBroken(`outbox row ${position} says ${numberIn(bytes)}`)
  }
  if (store.outbox && number > 0) {
    if (waiting.at(-1)?.position !== number)
      throw new ProofBroken(`outbox of ${number} ends at ${waiting.at(-1)?.position}`)
    const held = store.outbox('sink').count()
    if (held !== waiting.length) throw new ProofBroken(`outbox counts ${held} and holds ${waiting.length}`)
  }
  return { number }
}
