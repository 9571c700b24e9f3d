// hold-store.ts <folder>: opens a store for writing, saves a row for each line on stdin, closes at its end.
import { createInterface } from 'node:readline'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'

const store = lmdbStore(process.argv[2] as string, { reserveBytes: 0, reserveShare: 0 })
console.log('open')
for await (const actor of createInterface({ input: process.stdin })) {
  const row = { stage: 's', actor, step: 'a', subkey: '', bytes: Buffer.from(actor) }
  await store.checkpoint({ states: [row] })
  console.log(`flushed ${actor}`)
}
await store.close()
