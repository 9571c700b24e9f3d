import { type Environment, openForReading } from './environment/environment.ts'
import { keyAfter, type Table, type TableRow } from './environment/table.ts'
import { JournalReader } from './journal/journal-reader.ts'
import type { Ancestor } from './lineage.ts'
import { dueKey, dueRange, dueTimeKey, readDueKey } from './rows/due-keys.ts'
import { decodeJournalNote, journalNote } from './rows/journal-note.ts'
import { journalKey, noteKey, rangeOf, readPosition } from './rows/row-keys.ts'
import { actorRange, readActor } from './rows/state-keys.ts'
import { StateShapes, shapesNote } from './rows/state-shapes.ts'
import { StepNames } from './rows/step-names.ts'
import type { Due, DuePlace, JournalRow, SavedActor, StateRow, StoreReader } from './store.ts'

/** Opens the store in folder `path` to look at it, also while another process writes it. */
export const openStoreReadOnly = (path: string): StoreReader =>
  new LmdbReader(openForReading(path), new JournalReader(path))

/** The journal that lies beside the tables. */
interface JournalRows {
  /** Rows in order of position, from the first at or after `from`. */
  rows(from: number): Iterable<JournalRow>
}

/** The reading half of a store on LMDB. Every call sees what is flushed at that moment. */
export class LmdbReader implements StoreReader {
  readonly epoch: string
  readonly ancestors: readonly Ancestor[]
  readonly shapes: StateShapes
  private readonly environment: Environment
  private readonly journal: JournalRows
  private readonly names = new StepNames()

  constructor(environment: Environment, journal: JournalRows) {
    this.environment = environment
    this.journal = journal
    this.epoch = environment.epoch
    this.ancestors = environment.ancestors
    this.shapes = shapesOf(environment)
  }

  readActor(stage: string, actor: string): SavedActor {
    const range = actorRange(stage, actor)
    const saved = new ReadActor(actor)
    for (const row of this.environment.states.rows(range, Number.POSITIVE_INFINITY)) {
      this.add(row, range.start.length, saved)
    }
    return saved
  }

  *actors(stage: string): Generator<SavedActor & { readonly actor: string }> {
    const range = rangeOf(stage)
    let current: ReadActor | undefined
    for (const page of this.environment.states.pages(range, statesAtOnce)) {
      for (const row of page) {
        const { actor, next } = readActor(row.key, range.start.length)
        if (current?.actor !== actor) {
          if (current) yield current
          current = new ReadActor(actor)
        }
        this.add(row, next, current)
      }
    }
    if (current) yield current
  }

  *readJournal(from = 0): Generator<JournalRow> {
    const { journal, notes } = this.environment
    if (journal) yield* journalTableRows(journal, from)
    const { start } = decodeJournalNote(notes.get(noteKey(journalNote)))
    yield* this.journal.rows(Math.max(from, start))
  }

  readDue(stage: string, after: DuePlace | undefined, until: number, limit: number): Due[] {
    const { start, end } = dueRange(stage)
    const range = {
      start: after ? placeKey(stage, after) : start,
      end: until < Number.MAX_SAFE_INTEGER ? dueTimeKey(stage, Math.floor(until) + 1) : end,
    }
    return (this.environment.due?.rows(range, limit) ?? []).map(({ key }) => readDueKey(key, start.length))
  }

  readNote(name: string): Uint8Array | undefined {
    return this.environment.notes.get(noteKey(name))
  }

  async close(): Promise<void> {
    await this.environment.root.close()
  }

  /** @param start Where the actor has ended in the key. */
  private add({ key, bytes }: TableRow, start: number, saved: ReadActor): void {
    if (key.length === start) {
      saved.progress = bytes
      return
    }
    const { step, subkey } = this.names.read(key, start)
    saved.states.push({ step, subkey, bytes })
  }
}

/** What has been read of one actor so far. */
class ReadActor implements SavedActor {
  readonly actor: string
  progress: Uint8Array | undefined
  readonly states: StateRow[] = []

  constructor(actor: string) {
    this.actor = actor
  }
}

/** The first key behind a place. */
const placeKey = (stage: string, place: DuePlace): Uint8Array =>
  place.actor === undefined ? dueTimeKey(stage, place.time) : keyAfter(dueKey(stage, place))

/** The shapes of a store, as far as they are flushed. */
export const shapesOf = ({ notes }: Pick<Environment, 'notes'>): StateShapes =>
  new StateShapes(() => notes.get(noteKey(shapesNote)))

/** The journal of a store of format 1 or 2, which had a table for it. */
export function* journalTableRows(journal: Table, from: number): Generator<JournalRow> {
  for (const page of journal.pages({ start: journalKey(from) }, journalRowsAtOnce)) {
    for (const { key, bytes } of page) yield { position: readPosition(key, 0), bytes }
  }
}

const statesAtOnce = 256
const journalRowsAtOnce = 64
