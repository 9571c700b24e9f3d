import type { Store } from '../../state/store.ts'

const claimed = new WeakMap<Store, Set<string>>()

/**
 * Takes the outbox of a sink for one who empties it: two would each send what the other has sent. Throws when
 * it is taken. Returns the function that lets go.
 */
export function claimOutbox(store: Store, sink: string): () => void {
  const sinks = claimed.get(store) ?? new Set()
  claimed.set(store, sinks)
  if (sinks.has(sink)) {
    throw new Error(
      `sink "${sink}" of this store is already being emptied: give each toJetStream and toSink a name of its own`,
    )
  }
  sinks.add(sink)
  return () => sinks.delete(sink)
}
