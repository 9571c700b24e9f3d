import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StoreInUse } from '../../../lib/state/environment/writer-lock.ts'
import { openStoreReadOnly } from '../../../lib/state/lmdb-reader.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { finished, lineFrom, spawnTypeScript } from '../../support/typescript-child.ts'

const holder = new URL('./hold-store.ts', import.meta.url)

test('while one process writes, a second is refused by name and a reader sees what is flushed', async () => {
  const path = temporaryFolder()
  const writer = spawnTypeScript(holder, [path])
  const end = finished(writer)
  await lineFrom(writer, 'open')
  expect(() => lmdbStore(path)).toThrow(new RegExp(`process ${writer.pid} is writing it`))
  const reader = openStoreReadOnly(path)
  expect(reader.readActor('s', 'press-7').states).toEqual([])
  const flushed = lineFrom(writer, 'flushed press-7')
  writer.stdin?.write('press-7\n')
  await flushed
  expect(reader.readActor('s', 'press-7').states).toMatchObject([{ step: 'a', subkey: '' }])
  await reader.close()
  writer.stdin?.end()
  expect(await end).toMatchObject({ code: 0 })
  const next = lmdbStore(path)
  expect([...next.actors('s')].map(({ actor }) => actor)).toEqual(['press-7'])
  await next.close()
})

test('the lock of a process that was killed is taken over', async () => {
  const path = temporaryFolder()
  const writer = spawnTypeScript(holder, [path])
  const end = finished(writer)
  await lineFrom(writer, 'open')
  writer.kill('SIGKILL')
  await end
  const next = lmdbStore(path)
  await next.close()
})

test('a lock that names a living process of another birth is dead', async () => {
  const path = temporaryFolder()
  const lock = join(path, 'writer.lock')
  writeFileSync(lock, JSON.stringify({ pid: process.ppid, born: 'another boot 1' }))
  const store = lmdbStore(path)
  expect(() => lmdbStore(path)).toThrow(StoreInUse)
  await store.close()
})
