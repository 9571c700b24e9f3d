// commit-on-broken-disk.ts <folder>: commits, breaks its disk, asks for everything that a store does, and
// ends by itself.
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { breakDisk } from './break-disk.ts'
import { numberedCommit, readProof } from './numbered-commit.ts'

const store = lmdbStore(process.argv[2] as string, { reserveBytes: 0, reserveShare: 0 })
await store.commit(numberedCommit(1, 100))
breakDisk()
const names: string[] = []
const told = (error: Error): void => {
  names.push(error.name)
  console.log(error.message)
}
// At once, so that LMDB would have one of them begun and the others waiting.
await Promise.all([
  store.commit(numberedCommit(2, 100)).catch(told),
  store.outbox('sink').remove({ position: 1, index: 0 }).catch(told),
  store.writeNote('note', Buffer.from('note')).catch(told),
])
await store.commit(numberedCommit(2, 100)).catch(told)
try {
  readProof(store)
} catch (error) {
  told(error as Error)
}
await store.close()
console.log(JSON.stringify(names))
