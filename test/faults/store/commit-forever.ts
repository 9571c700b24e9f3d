// commit-forever.ts <folder> [bytes a row]: commits numbered rows and prints each number when it is flushed.
import { writeSync } from 'node:fs'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { numberedCheckpoint, numberedCommit, readProof } from './numbered-commit.ts'

const [folder, bytes = '400'] = process.argv.slice(2) as [string, string?]
const store = lmdbStore(folder, { reserveBytes: 0, reserveShare: 0 })
const outbox = store.outbox('sink')
for (let n = readProof(store).number + 1; ; n++) {
  await store.commit(numberedCommit(n, Number(bytes)))
  writeSync(1, `${n}\n`)
  await store.checkpoint(numberedCheckpoint(n, Number(bytes)))
  // Not awaited: a removal and a commit may share a transaction.
  if (n % 5 === 0) void outbox.remove({ position: n - 5, index: 9 })
}
