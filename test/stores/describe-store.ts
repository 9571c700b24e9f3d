import { StoreInspector } from '../../lib/state/inspection/store-inspector.ts'
import { openStoreReadOnly } from '../../lib/state/lmdb-reader.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'

/** What a store holds, independent of its format, as JSON holds it. */
export interface DescribedStore {
  /** Stage and key of each actor with its clock, and its states by step and sub-key. */
  readonly actors: Readonly<Record<string, DescribedActor>>
  /** Times and keys of the due rows of each stage. */
  readonly due: Readonly<Record<string, readonly (readonly [time: number, actor: string])[]>>
  readonly journal: readonly number[]
  /** Position, index and text of what waits in each outbox. */
  readonly outboxes: Readonly<Record<string, readonly string[]>>
  readonly senders: number
}

interface DescribedActor {
  readonly position: number
  readonly watermark: unknown
  readonly lastEvent: number
  readonly silence: string
  readonly states: Readonly<Record<string, unknown>>
}

/** Describes the store in folder `path`, which is opened for writing. */
export const describeStore = async (
  path: string,
  { stages, keys, sinks }: Readonly<Record<'stages' | 'keys' | 'sinks', readonly string[]>>,
): Promise<DescribedStore> => {
  const store = lmdbStore(path)
  const outboxes = Object.fromEntries(
    sinks.map((sink) => [
      sink,
      store
        .outbox(sink)
        .read(undefined, 10_000)
        .map(({ position, index, bytes }) => `${position}-${index} ${Buffer.from(bytes).toString()}`),
    ]),
  )
  const journal = [...store.readJournal()].map(({ position }) => position)
  await store.close()
  const reader = openStoreReadOnly(path)
  const due = Object.fromEntries(
    stages.map((stage) => [
      stage,
      reader
        .readDue(stage, undefined, Number.POSITIVE_INFINITY, 10_000)
        .map(({ time, actor }) => [time, actor] as const)
        .sort(),
    ]),
  )
  await reader.close()
  const inspector = new StoreInspector(path)
  const actors = Object.fromEntries(
    keys.flatMap((key) => stages.flatMap((stage) => describeActor(inspector, stage, key))),
  )
  const senders = inspector.inspect().senders.rows
  await inspector.close()
  return { actors, due, journal, outboxes, senders }
}

const describeActor = (
  inspector: StoreInspector,
  stage: string,
  key: string,
): readonly (readonly [string, DescribedActor])[] => {
  const rows = inspector.actor(key).filter((row) => row.stage === stage)
  const [first] = rows
  if (!first) return []
  const { position, watermark, lastEvent, silence } = rows.reduce((one, other) =>
    other.position > one.position ? other : one,
  )
  const states = Object.fromEntries(
    rows.map(({ step, subkey, version, state }) => [`${step}/${subkey}`, plain([version, state])]),
  )
  return [[`${stage}/${key}`, { position, watermark: plain(watermark), lastEvent, silence, states }]]
}

/** Maps as pairs, typed arrays as arrays, and numbers that JSON does not have as text. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) return [...value].map(plain)
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<number>, plain)
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}
