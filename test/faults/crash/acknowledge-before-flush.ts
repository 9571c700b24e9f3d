import type { Commit, Store } from '../../../lib/state/store.ts'

/**
 * A store that says it has flushed as soon as it has been asked to: the mistake that a crash test must find.
 * The commits themselves follow each other as they should.
 */
export const acknowledgeBeforeFlush = (store: Store): Store => {
  let written: Promise<unknown> = Promise.resolve()
  return {
    epoch: store.epoch,
    readStates: (stage, actor) => store.readStates(stage, actor),
    actors: (stage) => store.actors(stage),
    readJournal: (from) => store.readJournal(from),
    readNote: (name) => store.readNote(name),
    writeNote: (name, bytes) => store.writeNote(name, bytes),
    outbox: (sink) => store.outbox(sink),
    commit: (commit: Commit) => {
      written = written.then(() => store.commit(commit))
      return new Promise((resolve) => setImmediate(resolve))
    },
    close: async () => {
      await written
      await store.close()
    },
  }
}
