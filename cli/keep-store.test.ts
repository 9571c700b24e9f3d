import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished } from '../test/support/typescript-child.ts'

const command = new TidemarkCommand()

const publish = async (port: number, topic: string, payloads: readonly string[]): Promise<void> => {
  const device = await connectAsync(`mqtt://127.0.0.1:${port}`)
  await Promise.all(payloads.map((payload) => device.publishAsync(topic, payload, { qos: 1 })))
  await device.endAsync()
}

const kill = async (child: ChildProcess): Promise<void> => {
  const end = finished(child)
  child.kill('SIGKILL')
  await end
}

const run = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await command.run([...args, '--data', command.folder])
  expect(code, stderr).toBe(0)
  return stdout
}

const json = async (...args: string[]) => JSON.parse(await run(...args, '--json'))

test('a backup is made while tidemark runs, and restored: what came after it is gone, and it goes on', async () => {
  const backup = join(command.folder, 'backup')
  const { child, facts } = await command.start()
  await publish(facts.mqtt.port, 'v1/press-7/temperature', ['71.4', 'no number'])
  const made = await json('backup', backup)
  expect(made).toMatchObject({ path: backup, rows: expect.any(Number), position: 2 })
  await publish(facts.mqtt.port, 'v1/press-7/temperature', ['99.9', 'nor this'])

  const busy = await command.run(['restore', backup, '--force', '--data', command.folder])
  expect(busy.stderr).toContain(`runs on this data folder already, process ${child.pid}: stop it`)
  await kill(child)
  const misnamed = await command.run(['restore', command.folder, '--force', '--data', command.folder])
  expect(misnamed.stderr).toMatch(/there is no backup in .*: name a folder that .*, such as .*backup/)
  const unforced = await command.run(['restore', backup, '--data', command.folder])
  expect(unforced).toMatchObject({ code: 1, stderr: expect.stringContaining('there is a store already') })
  const restored = await run('restore', backup, '--force')
  expect(restored).toMatch(
    /shares no id with what was published before\nthe store that was there is in .*replaced-1;/,
  )

  const { facts: again } = await command.start()
  await publish(again.mqtt.port, 'v1/press-7/pressure', ['6.1'])
  const [device] = (await run('devices', '--json')).trimEnd().split('\n')
  expect(JSON.parse(device as string)).toMatchObject({
    metrics: [
      { metric: 'pressure', value: 6.1 },
      { metric: 'temperature', value: 71.4 },
    ],
  })
  expect(await json('inspect')).toMatchObject({ ancestors: [{ epoch: made.epoch, upTo: 2 }], position: 3 })
})

test('inspect shows what is in a store that is being written, as words and as JSON', async () => {
  const { facts } = await command.start()
  await publish(facts.mqtt.port, 'v1/press-7/temperature', ['71.4', '71.6', 'no number'])
  const store = await json('inspect')
  expect(store).toMatchObject({
    format: 4,
    position: 3,
    journal: { entries: 3, oldest: { position: 1 }, newest: { position: 3 } },
    outboxes: [{ sink: 'tidemark-rejected', rows: 1 }],
  })
  expect(store.fileBytes).toBeGreaterThan(store.freeBytes)
  const words = await run('inspect')
  expect(words).toContain(`epoch ${store.epoch}, up to position 3`)
  expect(words).toMatch(/journal: 3 entries in \d rows, .*, from position 1, which arrived \d+ \w+ 20/)
  expect(words).toMatch(/outbox tidemark-rejected: 1 rows/)
})

test('inspect shows the state of an actor, and one of a backup, and says when there is none', async () => {
  const { child, facts } = await command.start()
  await publish(facts.mqtt.port, 'v1/press-7/temperature', ['71.4', '71.6'])
  const end = finished(child)
  child.kill('SIGTERM')
  await end
  const backup = join(command.folder, 'backup')
  await run('backup', backup)

  const store = await json('inspect', backup)
  expect(store).toMatchObject({ journal: { entries: 0 }, stages: [{ stage: 'devices', actors: 1 }] })
  expect(store.stages[0].largest).toMatchObject([{ actor: 'press-7' }])
  expect(await run('inspect', backup)).toMatch(/devices {2}1 actors, \d+ rows/)
  const { rows } = await json('inspect', backup, '--actor', 'press-7')
  expect(rows).toContainEqual(
    expect.objectContaining({ stage: 'devices', subkey: 'temperature', position: 2 }),
  )
  const words = await run('inspect', '--actor', 'press-7')
  expect(words).toMatch(/^press-7 in devices {2}watermark .*, up to position 2$/m)
  expect(words).toMatch(/^ {2}baseline \/ temperature {2}version 1, \d+ bytes: \[ \{ baseline: .*…$/m)
  expect(words.trimEnd().split('\n')).toHaveLength(rows.length + 2)

  const nobody = await command.run(['inspect', backup, '--actor', 'press-8'])
  expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('no actor named "press-8"') })
  const nothing = await command.run(['inspect', join(command.folder, 'nowhere')])
  expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no store in') })
})

test('a backup is not written over, and one of nothing is not made', async () => {
  const nothing = await command.run(['backup', join(command.folder, 'backup'), '--data', command.folder])
  expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no data in') })
  const { child } = await command.start()
  await kill(child)
  await run('backup', join(command.folder, 'backup'))
  const again = await command.run(['backup', join(command.folder, 'backup'), '--data', command.folder])
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('there is one already') })
  await run('backup', join(command.folder, 'backup'), '--force')
})
