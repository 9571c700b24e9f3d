// read-proof.ts <folder>: prints the number that the whole store agrees on, or exits 3 with the reason.
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { readProof } from './numbered-commit.ts'

try {
  const store = lmdbStore(process.argv[2] as string)
  console.log(readProof(store).number)
  await store.close()
} catch (error) {
  console.error(String(error))
  process.exit(3)
}
