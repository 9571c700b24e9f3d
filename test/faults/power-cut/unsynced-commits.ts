// unsynced-commits.ts <folder>: puts a number into LMDB and syncs it, then goes on without any sync and
// prints each number when it is committed.
import { writeSync } from 'node:fs'
import { open } from 'lmdb'

const path = process.argv[2] as string
const synced = open({ path, noSubdir: false, overlappingSync: false })
await synced.put('number', 0)
await synced.close()
const unsynced = open({ path, noSubdir: false, noSync: true })
for (let n = 1; ; n++) {
  await unsynced.put('number', n)
  writeSync(1, `${n}\n`)
}
