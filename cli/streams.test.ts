import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connectAsync } from 'mqtt'
import { connect } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { readServerAddresses } from '../lib/nats/server-address.ts'
import { startNatsServer } from '../test/support/nats-server.ts'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished, lineFrom } from '../test/support/typescript-child.ts'
import { readRunning } from './running-file.ts'

const command = new TidemarkCommand()

type Started = Awaited<ReturnType<typeof command.start>>

/** Publishes something that cannot be read; it is a dead letter once that is acknowledged. */
const publishNonsense = async ({ facts }: Started, device: string): Promise<void> => {
  const client = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
  await client.publishAsync(`v1/${device}/temperature`, 'nonsense', { qos: 1 })
  await client.endAsync()
}

const stop = async ({ child }: Started): Promise<void> => {
  const ended = finished(child)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 0 })
}

/** Reads what the streams of a server hold: each message's subject, and the epoch in its id. */
const reader = async (url: string) => {
  const { addresses, credentials } = readServerAddresses(url)
  const client = await connect({ servers: addresses, ...credentials })
  onTestFinished(() => client.close())
  const manager = await jetstreamManager(client)
  return async (stream: string): Promise<{ subject: string; epoch: string }[]> => {
    const { state } = await manager.streams.info(stream).catch(() => ({ state: { last_seq: 0 } }))
    const messages = []
    for (let seq = 1; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(stream, { seq })
      const id = message?.header.get('Nats-Msg-Id') ?? ''
      if (message) messages.push({ subject: message.subject, epoch: id.replace(/-\d+-\d+$/, '') })
    }
    return messages
  }
}

const subjectsOf = (messages: readonly { readonly subject: string }[]): string[] =>
  messages.map(({ subject }) => subject)

test('two tidemarks share the NATS server of the first, each with a stream that it keeps', async () => {
  const first = await command.start()
  const url = readRunning(command.folder)!.nats
  const read = await reader(url)
  const data = join(command.folder, 'second')
  const environment = { NATS_URL: url }
  const startSecond = (...more: string[]) =>
    command.start(['--no-simulate', '--data', data, ...more], environment)
  const second = await startSecond('--stream', 'plant-2')
  expect(first.facts).toMatchObject({ stream: 'tidemark', subjects: 'anomaly.>' })
  expect(second.facts).toMatchObject({ stream: 'plant-2', subjects: 'plant-2.anomaly.>' })
  await publishNonsense(first, 'press-1')
  await publishNonsense(second, 'press-2')
  await expect.poll(async () => subjectsOf(await read('tidemark-rejected'))).toEqual(['dead.press-1'])
  await expect
    .poll(async () => subjectsOf(await read('plant-2-rejected')))
    .toEqual(['plant-2-rejected.dead.press-2'])
  expect(first.said() + second.said()).not.toMatch(/taken|overlap|belong|lacks/)

  const tail = ['tail', '--left-out', '--since', '1h', '--json']
  for (const [args, device] of [
    [['--data', command.folder], 'press-1'],
    [['--data', data], 'press-2'],
    [['--data', command.folder, '--stream', 'plant-2'], 'press-2'],
  ] as const) {
    const child = command.spawn([...tail, ...args])
    expect(JSON.parse(await lineFrom(child, '{'))).toMatchObject({ device })
    child.kill('SIGINT')
  }

  await stop(second)
  const again = await startSecond()
  expect(again.facts).toMatchObject({ stream: 'plant-2' })
  await stop(again)
  const other = await startSecond('--stream', 'plant-3')
  expect(other.said()).toContain(
    'publishing to stream "plant-3" from now on; stream "plant-2" keeps what it has',
  )
  await publishNonsense(other, 'press-3')
  await expect
    .poll(async () => subjectsOf(await read('plant-3-rejected')))
    .toEqual(['plant-3-rejected.dead.press-3'])
  await stop(other)
})

test('after the data folder was deleted, takeover goes on in its stream, and each output is there once', async () => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const environment = { NATS_URL: server.address }
  const read = await reader(server.address)
  const rejected = (): Promise<string[]> => read('tidemark-rejected').then(subjectsOf)
  const takeover = (...more: string[]) =>
    command.run(['takeover', '--data', command.folder, ...more], environment)

  const former = await command.start(undefined, environment)
  await publishNonsense(former, 'press-1')
  await expect.poll(rejected).toEqual(['dead.press-1'])
  await stop(former)
  rmSync(command.folder, { recursive: true })

  const held = await command.start(undefined, environment)
  await publishNonsense(held, 'press-2')
  const advice = `run this command and start it again: NATS_URL=${server.address} tidemark takeover --data`
  await expect.poll(held.said).toContain(advice)
  const elsewhere = await command.run(['takeover', '--data', join(command.folder, 'elsewhere')])
  expect(elsewhere).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /nothing was published to stream "tidemark" on the NATS server at .*, that of the data folder: name another/,
    ),
  })
  expect(await takeover()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('runs on this data folder'),
  })
  await stop(held)
  expect(await takeover('--force')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^stream "tidemark-rejected": 1 messages stay, .*\ntaken over; now: NATS_URL=.* tidemark start --data /,
    ),
  })
  expect(await takeover()).toMatchObject({
    code: 0,
    stdout:
      'stream "tidemark" needs no takeover: its newest messages are of this store, or of one that it follows\n',
  })

  const next = await command.start(undefined, environment)
  await publishNonsense(next, 'press-3')
  await expect.poll(rejected).toEqual(['dead.press-1', 'dead.press-2', 'dead.press-3'])
  expect(next.said()).toMatch(
    /stream "tidemark-rejected" goes on behind what store ".*" wrote, which this one took/,
  )
  expect(next.said()).not.toContain('nothing is published')
  await stop(next)
  const [one, two, three] = await read('tidemark-rejected')
  expect(two!.epoch).toBe(three!.epoch)
  expect(one!.epoch).not.toBe(two!.epoch)
})

test('takeover does not take a stream from a tidemark that has just published, unless it is forced to', async () => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const environment = { NATS_URL: server.address }
  const read = await reader(server.address)
  const running = await command.start(undefined, environment)
  await publishNonsense(running, 'press-1')
  await expect.poll(() => read('tidemark-rejected')).toHaveLength(1)
  const data = join(command.folder, 'other')
  const { code, stderr } = await command.run(['takeover', '--data', data], environment)
  expect(stderr).toMatch(
    /stream "tidemark-rejected" was written to \d s ago by store .* stop it, or give this one .* --stream/,
  )
  expect(code).toBe(1)
  await stop(running)
})

test('takeover works on the NATS server of the data folder when only the store in it was removed', async () => {
  const former = await command.start()
  await publishNonsense(former, 'press-1')
  const read = await reader(readRunning(command.folder)!.nats)
  await expect.poll(() => read('tidemark-rejected')).toHaveLength(1)
  await stop(former)
  rmSync(join(command.folder, 'store'), { recursive: true })
  const { stdout } = await command.run(['takeover', '--force', '--json', '--data', command.folder])
  expect(JSON.parse(stdout)).toMatchObject({
    stream: 'tidemark',
    takenOver: [{ stream: 'tidemark-rejected', messages: 1 }],
  })
  const next = await command.start()
  await publishNonsense(next, 'press-2')
  const readAgain = await reader(readRunning(command.folder)!.nats)
  await expect
    .poll(async () => subjectsOf(await readAgain('tidemark-rejected')))
    .toEqual(['dead.press-1', 'dead.press-2'])
  await stop(next)
})
