import { defaultStream } from '../lib/nats/sink-streams.ts'
import type { Store, StoreReader } from '../lib/state/store.ts'

/** What a store keeps of its stream from one command to the next. */
export interface StreamMemory {
  readonly stream: string
  /** Epochs of stores that wrote to it before and are gone: what `takeOver` of `watchDevices` names. */
  readonly takeOver: readonly string[]
}

/** The outbox of what is published in a command's store, whatever its stream is called. */
export const outboxName = 'tidemark'

/**
 * The stream that the store's outbox is published to: the one asked for, else that of the last command, else
 * the default. The store keeps it. A change is noticed: what waits goes to the new stream.
 */
export const chooseStream = async (
  store: Store,
  asked: string | undefined,
  onNotice: (line: string) => void,
): Promise<StreamMemory> => {
  const kept = readStreamMemory(store)
  const stream = asked ?? kept?.stream ?? defaultStream
  if (kept?.stream === stream) return kept
  if (kept)
    onNotice(`publishing to stream "${stream}" from now on; stream "${kept.stream}" keeps what it has`)
  const chosen = { stream, takeOver: [] }
  await saveStreamMemory(store, chosen)
  return chosen
}

export const readStreamMemory = (store: StoreReader): StreamMemory | undefined => {
  const bytes = store.readNote(noteName)
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as StreamMemory)
}

export const saveStreamMemory = (store: Store, memory: StreamMemory): Promise<void> =>
  store.writeNote(noteName, Buffer.from(JSON.stringify(memory)))

const noteName = 'stream'
