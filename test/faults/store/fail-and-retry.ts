// fail-and-retry.ts <folder>: started under a limit on file size that a large commit exceeds. Commits it,
// sees it fail, lifts the limit, and commits the same again.
import { execFileSync } from 'node:child_process'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { CommitFailed } from '../../../lib/state/store.ts'
import { numberedCommit, readProof, writeNumber } from './numbered-commit.ts'

const store = lmdbStore(process.argv[2] as string, { reserveBytes: 0, reserveShare: 0 })
await writeNumber(store, 1, 100)
const large = numberedCommit(2, 100_000)
const before = readProof(store).number
const failures: unknown[] = []
for (let attempt = 0; attempt < 3; attempt++) await store.commit(large).catch((error) => failures.push(error))
const kept = readProof(store).number
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited'])
await store.commit(large)
console.log(
  JSON.stringify({
    before,
    kept,
    after: readProof(store).number,
    failures: failures.map((error) => (error instanceof CommitFailed ? error.message : `other: ${error}`)),
  }),
)
await store.close()
