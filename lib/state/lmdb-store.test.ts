import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { watchCrashPoints } from './crash-point.ts'
import { openStoreReadOnly } from './lmdb-reader.ts'
import { lmdbStore } from './lmdb-store.ts'
import { type Checkpoint, type Commit, CommitFailed, type StateWrite } from './store.ts'

const room = async () => ({ free: 2 ** 40, total: 2 ** 40 })
const open = (path: string) => lmdbStore(path, { diskRoom: room })
const bytes = (text: string): Buffer => Buffer.from(text)
const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString()
const nothing: Commit = { journal: [] }
const nothingSaved: Checkpoint = { states: [] }
const state = (actor: string, step = 'baseline', subkey = '', value = 'x'): StateWrite => ({
  stage: 'devices',
  actor,
  step,
  subkey,
  bytes: bytes(value),
})

test('what was committed is there after reopening', async () => {
  const path = temporaryFolder()
  const first = open(path)
  await first.commit({
    journal: [{ position: 7, bytes: bytes('entries') }],
    outbox: [{ sink: 'nats', position: 7, index: 0, bytes: bytes('hot') }],
    notes: new Map([['behavior', bytes('v1')]]),
  })
  await first.checkpoint({
    states: [state('press-7', 'baseline', 'temperature', 'warm'), state('press-7', 'time', '', 'now')],
  })
  await first.writeNote('cursor', bytes('12'))
  await first.close()
  const again = open(path)
  expect(again.epoch).toBe(first.epoch)
  expect([...again.readJournal()].map((row) => [row.position, text(row.bytes)])).toEqual([[7, 'entries']])
  const rows = again
    .readActor('devices', 'press-7')
    .states.map((row) => [row.step, row.subkey, text(row.bytes)])
  expect(rows).toEqual([
    ['baseline', 'temperature', 'warm'],
    ['time', '', 'now'],
  ])
  expect(again.outbox('nats').count()).toBe(1)
  expect(again.outbox('nats').read(undefined, 9)).toMatchObject([{ position: 7, index: 0 }])
  expect(text(again.readNote('behavior'))).toBe('v1')
  expect(text(again.readNote('cursor'))).toBe('12')
  expect(again.readNote('other')).toBeUndefined()
  await again.close()
})

test('no actor sees the rows of another, whatever they are called', async () => {
  const store = open(temporaryFolder())
  const names = [
    'a',
    'ab',
    'a\0',
    'a\0b',
    '',
    '\0',
    'ä',
    '\ud83d\ude00',
    '\ud83d',
    '\ufffd',
    'a\x01',
    'b',
    '__proto__',
  ]
  await store.checkpoint({
    states: names.map((name) => state(name, name, name, JSON.stringify(name))),
  })
  for (const name of names) {
    const { states } = store.readActor('devices', name)
    expect(states.map((row) => [row.step, row.subkey, text(row.bytes)])).toEqual([
      [name, name, JSON.stringify(name)],
    ])
  }
  expect(store.readActor('device', 's')).toMatchObject({ progress: undefined, states: [] })
  expect(new Set([...store.actors('devices')].map(({ actor }) => actor))).toEqual(new Set(names))
  await store.close()
})

test('actors are listed whole, also when they do not fit one page of the scan', async () => {
  const store = open(temporaryFolder())
  const states = Array.from({ length: 1_500 }, (_, i) => state(`device-${i % 5}`, 'baseline', `metric-${i}`))
  await store.checkpoint({ states })
  const seen = [...store.actors('devices')].map(({ actor, states }) => [actor, states.length])
  expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((i) => [`device-${i}`, 300]))
  expect([...store.actors('other')]).toEqual([])
  await store.close()
})

test('journal rows come in order of position, and those before the trim are gone', async () => {
  const path = temporaryFolder()
  const store = open(path)
  for (const from of [0, 100]) {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      position: (from + i) * 2 ** 26,
      bytes: bytes(`${i}`),
    }))
    await store.commit({ journal: rows })
  }
  const positions = () => [...store.readJournal()].map((row) => row.position / 2 ** 26)
  expect(positions()).toEqual(Array.from({ length: 200 }, (_, i) => i))
  expect([...store.readJournal(198 * 2 ** 26 + 1)].map((row) => row.position)).toEqual([199 * 2 ** 26])
  await store.checkpoint({ ...nothingSaved, trimJournalBefore: 150 * 2 ** 26 })
  expect([positions()[0], positions().length]).toEqual([150, 50])
  await store.checkpoint(nothingSaved)
  await store.close()
  const again = open(path)
  expect([...again.readJournal()].map((row) => row.position / 2 ** 26)[0]).toBe(150)
  await again.checkpoint({ ...nothingSaved, trimJournalBefore: 200 * 2 ** 26 })
  expect([...again.readJournal()]).toEqual([])
  await again.close()
})

test('an outbox is read in order, follows on, and forgets what was removed', async () => {
  const path = temporaryFolder()
  const store = open(path)
  const outbox = Array.from({ length: 2_000 }, (_, i) => ({
    sink: i % 2 ? 'other' : 'nats',
    position: Math.floor(i / 4),
    index: i % 4,
    bytes: bytes(`${i}`),
  }))
  let heard = 0
  const stop = store.outbox('nats').onAppend(() => heard++)
  await store.commit({ ...nothing, outbox })
  stop()
  expect(heard).toBe(1)
  const nats = store.outbox('nats')
  expect(nats.count()).toBe(1_000)
  expect(nats.read(undefined, 3).map((row) => text(row.bytes))).toEqual(['0', '2', '4'])
  expect(nats.read({ position: 1, index: 0 }, 2).map((row) => text(row.bytes))).toEqual(['6', '8'])
  await Promise.all([
    nats.remove({ position: 299, index: 3 }),
    nats.remove({ position: 399, index: 0 }),
    store.commit({ ...nothing, outbox: [{ sink: 'nats', position: 900, index: 0, bytes: bytes('new') }] }),
  ])
  expect(nats.read(undefined, 1)).toMatchObject([{ position: 399, index: 2 }])
  expect(nats.count()).toBe(nats.read(undefined, 9_999).length)
  expect(store.outbox('other').count()).toBe(1_000)
  await store.close()
  const again = open(path)
  expect(again.outbox('nats').count()).toBe(nats.count())
  await again.close()
})

test('crash points are passed in the order of the guarantee', async () => {
  const store = open(temporaryFolder())
  const passed: string[] = []
  const stop = watchCrashPoints((point) => passed.push(point))
  await store.commit({ ...nothing, outbox: [{ sink: 'nats', position: 1, index: 0, bytes: bytes('a') }] })
  passed.push('resolved')
  await store.outbox('nats').remove({ position: 1, index: 0 })
  stop()
  expect(passed).toEqual([
    ...['put', 'committed', 'flushed', 'resolved'],
    ...['checkpoint put', 'checkpoint flushed', 'journal released', 'outbox deleted'],
  ])
  await store.close()
})

test('a name too long for a key is refused in words, and nothing of its commit is kept', async () => {
  const store = open(temporaryFolder())
  const long = store.checkpoint({ states: [state('fine'), state('x'.repeat(2_000))] })
  await expect(long).rejects.toThrow(/actor "xxx.*holds at most 1978; shorten the names/)
  expect(store.readActor('devices', 'fine').states).toEqual([])
  await store.checkpoint({ states: [state('x'.repeat(1_958))] })
  await store.close()
})

test('a second commit in flight and one after closing are refused', async () => {
  const store = open(temporaryFolder())
  const first = store.commit({ journal: [{ position: 1, bytes: bytes('a') }] })
  await expect(store.commit(nothing)).rejects.toThrow(/one is in flight/)
  await first
  await store.close()
  await expect(store.commit(nothing)).rejects.toThrow(CommitFailed)
})

test('only the owner may enter the folder', async () => {
  const path = join(temporaryFolder(), 'deep', 'data')
  const store = open(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  await store.close()
})

test('a commit of nothing and one of very many rows are commits like any other', async () => {
  const store = open(temporaryFolder())
  await store.commit(nothing)
  const states = Array.from({ length: 20_000 }, (_, i) => state(`device-${i}`))
  await Promise.all([store.checkpoint({ states }), store.writeNote('cursor', bytes('meanwhile'))])
  expect([...store.actors('devices')]).toHaveLength(20_000)
  expect(text(store.readNote('cursor'))).toBe('meanwhile')
  await store.close()
})

test('a folder without a store cannot be looked at', () => {
  const path = temporaryFolder()
  expect(() => openStoreReadOnly(join(path, 'nothing'))).toThrow(/no store there; name the folder/)
})
