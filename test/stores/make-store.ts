// make-store.ts <file>: writes a store as a process leaves it that was killed, with actors asleep, a journal
// and an outbox, and packs its data file. To be run when the format is raised, for a file of that number; the
// files of earlier formats are never written again:
// node --import ./test/support/typescript-hooks.js test/stores/make-store.ts test/stores/format-1.mdb.gz
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { backupStore } from '../../lib/state/copies/backup-store.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { coins } from './coins.ts'
import { runCoins } from './run-coins.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-store-'))
const at = (name: string): string => join(folder, name)
try {
  const first = lmdbStore(at('store'), { newEpoch: () => 'kept' })
  await runCoins(first, coins(0, 60), { settled: true })
  await first.close()
  const second = lmdbStore(at('store'))
  await runCoins(second, coins(60, 75), { settled: false })
  await second.close()
  await backupStore(at('store'), at('packed'))
  writeFileSync(
    process.argv[2] as string,
    gzipSync(readFileSync(join(at('packed'), 'data.mdb')), { level: 9 }),
  )
} finally {
  rmSync(folder, { recursive: true })
}
// Timers of the session that was left as it is would keep the process.
process.exit()
