import { expect, onTestFinished, test } from 'vitest'
import { alarmBench } from '../../test/support/alarm-bench.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { Aside } from '../actors/delivery.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { connectNats } from './connect-nats.ts'
import { defaultSideSubject } from './side-output.ts'

const bench = alarmBench()
const { eventually, numbers, openStore, pipeline, stored } = bench

type Pipeline = ReturnType<typeof pipeline>

const configOf = async (stream: string) => (await bench.manager.streams.info(stream)).config
const subjectsIn = async (stream: string): Promise<string[]> =>
  (await stored(stream)).map(({ subject }) => subject)
const saidOf = ({ reports }: Pipeline): string[] =>
  reports.filter(({ kind }) => kind === 'subjects').map(({ message }) => message)

/** As the stream `tidemark` has it: rejected values below no stream's name. */
const bare = { rejected: { name: 'alarms-rejected', namespaced: false } }

/** One turn with an alarm and a dead letter. */
const both = async ({ source }: Pipeline, number: number): Promise<void> => {
  const dead: Aside = { tag: 'dead', value: { number }, reason: 'not JSON' }
  source.add([{ pump: 'p1', number }], [dead], 'p1')
  await source.commit()
}

test('no number of rejected values pushes a value out', async () => {
  const store = openStore()
  const pipe = pipeline(store, { rejected: { name: 'alarms-rejected', maxBytes: 20_000 } })
  await both(pipe, 1)
  for (let number = 2; number <= 200; number++) {
    pipe.source.add([], [{ tag: 'dead', value: 'x'.repeat(1_000), reason: 'not JSON' }])
  }
  await pipe.source.commit()
  await eventually(() => expect(pipe.published).toHaveLength(201))
  expect(await numbers()).toEqual([1])
  const { state } = await bench.manager.streams.info('alarms-rejected')
  expect(state.bytes).toBeLessThanOrEqual(20_000)
  expect(state.last_seq).toBe(200)
  expect(pipe.published.filter(({ stream }) => stream === 'alarms-rejected')).toHaveLength(200)
})

test('rows and a stream of an earlier version: what waits goes where it would have gone, and nothing is lost', async () => {
  const folder = temporaryFolder()
  const earlier = lmdbStore(folder)
  const before = pipeline(earlier, { rejected: false })
  await both(before, 1)
  await eventually(() => expect(before.published).toHaveLength(2))
  before.subscription.unsubscribe()
  const nowhere = await connectNats({ servers: '127.0.0.1:1', firstConnect: 'later' })
  onTestFinished(() => nowhere.close())
  const waiting = pipeline(earlier, { rejected: false }, 2, nowhere)
  await both(waiting, 2)
  waiting.subscription.unsubscribe()
  await earlier.close()

  const pipe = pipeline(openStore(folder), bare, 3)
  await both(pipe, 3)
  await eventually(() => expect(pipe.published).toHaveLength(4))
  expect(await subjectsIn('alarms')).toEqual(['alarm.p1', 'dead.p1', 'alarm.p1', 'dead.p1', 'alarm.p1'])
  expect(await subjectsIn('alarms-rejected')).toEqual(['dead.p1'])
  expect((await configOf('alarms')).subjects).toEqual(['alarm.>', 'undelivered.alarms.>'])
  expect((await configOf('alarms-rejected')).subjects).toEqual(defaultSideSubject.patterns)
  expect(saidOf(pipe)).toContainEqual(
    'stream "alarms-rejected" takes the subjects late.>, quarantined.>, dead.>, side.> from now on, ' +
      'which stream "alarms" took; what that one holds stays there',
  )
})

test('a stream for which others were chosen keeps its subjects, and rejected values go below the name of theirs', async () => {
  await bench.manager.streams.add({
    name: 'alarms',
    subjects: ['alarm.>', 'late.>', 'quarantined.>', 'dead.>', 'plant.>'],
  })
  const pipe = pipeline(openStore(), bare)
  await both(pipe, 1)
  await eventually(() => expect(pipe.published).toHaveLength(2))
  expect(await subjectsIn('alarms')).toEqual(['alarm.p1'])
  expect(await subjectsIn('alarms-rejected')).toEqual(['alarms-rejected.dead.p1'])
  const remedy = /stream "alarms-rejected" cannot take .* nats stream edit alarms --subjects '(.*)'$/
  const [, subjects = ''] = saidOf(pipe).flatMap((line) => remedy.exec(line) ?? [])
  expect(subjects).toBe('alarm.>,plant.>,undelivered.alarms.>')

  // The operator follows the advice; the next look at the stream takes the subjects over.
  await bench.manager.streams.update('alarms', { subjects: subjects.split(',') })
  pipe.subscription.unsubscribe()
  const next = pipeline(openStore(), { ...bare, takeOver: [...epochsIn(pipe)] })
  await both(next, 2)
  await eventually(() => expect(next.published).toHaveLength(2))
  expect(await subjectsIn('alarms-rejected')).toEqual(['alarms-rejected.dead.p1', 'dead.p1'])
})

test('two sinks that publish to the same subjects share a server, each below the name of its stream', async () => {
  const names = ['alarms', 'other', 'other-rejected']
  onTestFinished(async () => {
    for (const name of names.slice(1)) await bench.manager.streams.delete(name).catch(() => {})
  })
  const max_msg_size = 1_000
  for (const name of ['alarms', 'other'])
    await bench.manager.streams.add({
      name,
      subjects: [`${name}.alarm.>`, `${name}.undelivered.>`],
      max_msg_size,
    })
  const filler = 'x'.repeat(2_000)
  const run = async (name: string): Promise<Pipeline> => {
    const pipe = pipeline(openStore(), { stream: { name, namespaced: true } })
    await both(pipe, 1)
    pipe.source.add([{ pump: 'p1', number: 2, filler }], [], 'p1')
    await pipe.source.commit()
    await eventually(() => expect(pipe.published).toHaveLength(3))
    return pipe
  }
  for (const [name, pipe] of [
    ['alarms', await run('alarms')],
    ['other', await run('other')],
  ] as const) {
    expect(await subjectsIn(name)).toEqual([`${name}.alarm.p1`, `${name}.undelivered.p1`])
    expect(await subjectsIn(`${name}-rejected`)).toEqual([`${name}-rejected.dead.p1`])
    expect(saidOf(pipe)).toEqual([])
  }
})

test('sinks with subjects of their own need no option to share a server', async () => {
  onTestFinished(async () => {
    for (const name of ['other', 'other-rejected']) await bench.manager.streams.delete(name)
  })
  const first = pipeline(openStore())
  await both(first, 1)
  const subject = Object.assign(() => 'other.x', { patterns: ['other.>'] })
  const second = pipeline(openStore(), { stream: 'other', subject })
  await both(second, 2)
  await eventually(() => expect([...first.published, ...second.published]).toHaveLength(4))
  expect([...first.published, ...second.published].map((row) => row.subject).sort()).toEqual([
    ...['alarm.p1', 'alarms-rejected.dead.p1', 'other-rejected.dead.p1', 'other.x'],
  ])
  expect([...saidOf(first), ...saidOf(second)]).toEqual([])
})

test('a stream of an earlier version is namespaced with the rows that wait for it, each published once', async () => {
  const folder = temporaryFolder()
  const earlier = lmdbStore(folder)
  const before = pipeline(earlier, bare)
  await both(before, 1)
  await eventually(() => expect(before.published).toHaveLength(2))
  before.subscription.unsubscribe()
  const nowhere = await connectNats({ servers: '127.0.0.1:1', firstConnect: 'later' })
  onTestFinished(() => nowhere.close())
  const waiting = pipeline(earlier, bare, 2, nowhere)
  await both(waiting, 2)
  waiting.subscription.unsubscribe()
  await earlier.close()

  const pipe = pipeline(openStore(folder), { stream: { name: 'alarms', namespaced: true } }, 3)
  await both(pipe, 3)
  await eventually(() => expect(pipe.published).toHaveLength(4))
  expect(await subjectsIn('alarms')).toEqual(['alarm.p1', 'alarms.alarm.p1', 'alarms.alarm.p1'])
  expect(await subjectsIn('alarms-rejected')).toEqual([
    'dead.p1',
    'alarms-rejected.dead.p1',
    'alarms-rejected.dead.p1',
  ])
  expect((await configOf('alarms')).subjects).toEqual(['alarms.alarm.>', 'alarms.undelivered.>'])
  expect((await configOf('alarms-rejected')).subjects).toEqual([
    ...['alarms-rejected.late.>', 'alarms-rejected.quarantined.>'],
    ...['alarms-rejected.dead.>', 'alarms-rejected.side.>'],
  ])
})

test('a stream whose subjects are given takes what is rejected too, unless another one is named', async () => {
  const stream = { name: 'alarms', subjects: ['alarm.>', 'dead.>'] }
  const pipe = pipeline(openStore(), { stream })
  await both(pipe, 1)
  await eventually(() => expect(pipe.published).toHaveLength(2))
  expect(await subjectsIn('alarms')).toEqual(['alarm.p1', 'dead.p1'])
  await expect(configOf('alarms-rejected')).rejects.toThrow('not found')
})

test('rejected values may have subjects of their own', async () => {
  const sideSubject = Object.assign(() => 'trouble.x', { patterns: ['trouble.>'] })
  const pipe = pipeline(openStore(), { sideSubject })
  await both(pipe, 1)
  await eventually(() => expect(pipe.published).toHaveLength(2))
  expect(await subjectsIn('alarms-rejected')).toEqual(['trouble.x'])
  expect((await configOf('alarms-rejected')).subjects).toEqual(['trouble.>'])
})

const epochsIn = ({ published }: Pipeline): Set<string> =>
  new Set(published.map(({ id }) => id.replace(/-\d+-\d+$/, '')))
