import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, nanos } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { alarmBench, upTo } from '../../test/support/alarm-bench.ts'
import { startNatsServer } from '../../test/support/nats-server.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { connectNats } from './connect-nats.ts'

const bench = alarmBench()
const { alarms, eventually, numbers, openStore } = bench

/** All goes to one stream. */
const pipeline: typeof bench.pipeline = (store, options, ...rest) =>
  bench.pipeline(store, { rejected: false, ...options }, ...rest)

const subjects = async (): Promise<string[]> => (await bench.manager.streams.info('alarms')).config.subjects

const saidOf = ({ reports }: ReturnType<typeof pipeline>): string[] =>
  reports.filter(({ kind }) => kind === 'subjects').map(({ message }) => message)

test('a stream that an earlier version made gets the subjects it lacks, and all else stays', async () => {
  const made = await bench.manager.streams.add({
    name: 'alarms',
    description: 'of the plant',
    subjects: ['late.>', 'dead.>'],
    max_age: nanos(60_000),
    max_msgs: 1_234,
    allow_direct: true,
  })
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 5)
  await eventually(() => expect(pipe.published).toHaveLength(5))
  const { config, created } = await bench.manager.streams.info('alarms')
  const subjects = ['late.>', 'dead.>', 'alarm.>', 'quarantined.>', 'side.>']
  expect(config).toEqual({ ...made.config, subjects })
  expect(created).toBe(made.created)
  expect(saidOf(pipe)).toEqual([
    'stream "alarms" lacked the subjects alarm.>, quarantined.>, side.>: they were added',
  ])
})

test('a stream that takes everything already is left as it is', async () => {
  const everything = ['alarm.>', 'dead.>', 'late.>', 'quarantined.>', 'side.>', 'test.>']
  await bench.manager.streams.add({ name: 'alarms', subjects: everything })
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 2)
  await eventually(() => expect(pipe.published).toHaveLength(2))
  expect(await subjects()).toEqual(everything)
  expect(saidOf(pipe)).toEqual([])
})

test('a stream for which others were chosen is left alone, and how to change it is said once', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.p1', 'dead.>'] })
  const pipe = pipeline(openStore(), { triesPerRow: 2 })
  await alarms(pipe, 1, 3)
  await eventually(() => expect(pipe.published).toHaveLength(3))
  expect(await subjects()).toEqual(['alarm.p1', 'dead.>'])
  expect(saidOf(pipe)).toEqual([
    'stream "alarms" lacks the subjects alarm.>, late.>, quarantined.>, side.>; what goes there becomes a dead letter. ' +
      'It takes subjects of its own, and is left as it is: add them with ' +
      "nats stream edit alarms --subjects 'dead.>,alarm.>,late.>,quarantined.>,side.>'",
  ])
})

test('addSubjects decides, whatever the stream takes', async () => {
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.p1', 'dead.>'] })
  const stream = { name: 'alarms', subjects: ['alarm.>', 'dead.>'] }
  const first = pipeline(openStore(), { stream: { ...stream, addSubjects: true } })
  await alarms(first, 1, 3)
  await eventually(() => expect(first.published).toHaveLength(3))
  expect(await subjects()).toEqual(['dead.>', 'alarm.>'])

  await bench.manager.streams.delete('alarms')
  await bench.manager.streams.add({ name: 'alarms', subjects: ['alarm.>'] })
  const second = pipeline(openStore(), { stream: { ...stream, addSubjects: false } })
  await alarms(second, 1, 3)
  await eventually(() => expect(second.published).toHaveLength(3))
  expect(await subjects()).toEqual(['alarm.>'])
  expect(saidOf(second)).toEqual([
    expect.stringContaining('It is not to be changed: add them with nats stream'),
  ])
})

test('subjects that another stream takes are named with it, and added once they are free', async () => {
  await bench.manager.streams.add({ name: 'other', subjects: ['alarm.p2.>', 'alarm.p1'] })
  onTestFinished(() =>
    bench.manager.streams.delete('other').then(
      () => {},
      () => {},
    ),
  )
  await bench.manager.streams.add({ name: 'alarms', subjects: ['dead.>'] })
  const pipe = pipeline(openStore(), { triesPerRow: 1_000 })
  await alarms(pipe, 1, 3)
  await eventually(() => expect(saidOf(pipe)).toHaveLength(1))
  expect(saidOf(pipe)[0]).toMatch(
    /could not be added: they overlap with stream "other" \(alarm\.>\)\. Delete that stream or edit its/,
  )
  await bench.manager.streams.update('other', { subjects: ['elsewhere.>'] })
  await eventually(() => expect(pipe.published).toHaveLength(3))
  expect(await numbers()).toEqual(upTo(3))
  expect(saidOf(pipe).at(-1)).toContain('they were added')
})

test('a stream that cannot be made names the one that takes its subjects', async () => {
  await bench.manager.streams.add({ name: 'other', subjects: ['late.x'] })
  onTestFinished(() =>
    bench.manager.streams.delete('other').then(
      () => {},
      () => {},
    ),
  )
  const pipe = pipeline(openStore())
  await alarms(pipe, 1, 1)
  await eventually(() =>
    expect(pipe.reports.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/"alarms" cannot be made: its subjects overlap with stream "other" \(late\.>\)/),
    ),
  )
})

test('without the permission, what the stream takes is published and the line that adds the rest is said', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'nats.conf')
  writeFileSync(
    file,
    `authorization { users = [
      { user: admin, password: admin }
      { user: plant, password: plant, permissions: { publish: { deny: ["$JS.API.STREAM.UPDATE.>"] } } }
    ] }`,
  )
  const server = await startNatsServer(['-c', file])
  onTestFinished(() => server.remove())
  const admin = await connect({ servers: server.address, user: 'admin', pass: 'admin' })
  onTestFinished(() => admin.close())
  const manager = await jetstreamManager(admin)
  await manager.streams.add({ name: 'alarms', subjects: ['alarm.>', 'dead.>'] })
  const nats = await connectNats({ servers: server.address, user: 'plant', pass: 'plant' })
  onTestFinished(() => nats.close())

  const pipe = pipeline(openStore(), {}, 1, nats)
  await alarms(pipe, 1, 3)
  await eventually(() => expect(pipe.published).toHaveLength(3))
  expect(saidOf(pipe)).toEqual([
    expect.stringMatching(
      /could not be added: .*[Pp]ermission.*Add them with nats stream edit alarms --subjects 'alarm\.>,dead\.>,late\.>,quarantined\.>,side\.>'$/,
    ),
  ])
})
