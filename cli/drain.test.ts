import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connectAsync } from 'mqtt'
import { connect } from 'nats'
import { expect, onTestFinished, test } from 'vitest'
import { ResendStore } from '../simulators/resend-store.ts'
import { type NatsServer, startNatsServer } from '../test/support/nats-server.ts'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished } from '../test/support/typescript-child.ts'

const command = new TidemarkCommand()
const noServer = { NATS_URL: 'nats://127.0.0.1:1' }

const readings = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ temperature: 70 + (index % 10) / 10, ts: 1_750_000_000_000 + index * 1_000 }),
  )

const publishAll = async (port: number, topic: string, payloads: readonly string[]): Promise<void> => {
  const device = await connectAsync(`mqtt://127.0.0.1:${port}`)
  await Promise.all(payloads.map((payload) => device.publishAsync(topic, payload, { qos: 1 })))
  await device.endAsync()
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const ended = finished(child)
  child.kill(signal)
  await ended
}

const drain = async (environment: Record<string, string> = {}, exitCode = 0) => {
  const args = ['drain', '--json', '--for', '2s', '--data', command.folder]
  const { code, stdout, stderr } = await command.run(args, environment)
  expect(code, stderr).toBe(exitCode)
  const result = JSON.parse(stdout) as { replayed: number; left: number; published: number; waiting: number }
  return { ...result, stderr }
}

/** What is saved of press-7 from its readings; what it knows of silence depends on when they came. */
const savedState = async (folder: string): Promise<unknown> => {
  const { stdout } = await command.run(['inspect', '--json', '--actor', 'press-7', '--data', folder])
  const { rows } = JSON.parse(stdout) as { rows: { step: string; state: unknown }[] }
  const told = rows.filter(({ step }) => step !== 'presence')
  expect(told.length).toBeGreaterThan(1)
  return told.map(({ step, state }) => ({ step, state }))
}

const anyNats = async (): Promise<{ server: NatsServer; environment: { NATS_URL: string } }> => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  return { server, environment: { NATS_URL: `nats://${server.address}` } }
}

/** What could not be read, as it came to the stream. */
const deadLetters = async ({ address }: NatsServer): Promise<string[]> => {
  const connection = await connect({ servers: address })
  const manager = await jetstreamManager(connection)
  const { state } = await manager.streams.info('tidemark-rejected')
  const found: string[] = []
  for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage('tidemark-rejected', { seq })
    const { payload } = message!.json<{ data: { value: { payload: string } } }>().data.value
    found.push(Buffer.from(payload, 'base64').toString())
  }
  await connection.close()
  return found
}

test('what a killed tidemark left is worked in once, to the state that a clean stop leaves', async () => {
  const { child, facts } = await command.start()
  await publishAll(facts.mqtt.port, 'v1/press-7', readings(200))
  await end(child, 'SIGKILL')
  const first = await drain()
  expect(first).toMatchObject({ left: 0, waiting: 0 })
  expect(first.replayed).toBeGreaterThan(0)
  const state = await savedState(command.folder)
  expect(await drain()).toMatchObject({ replayed: 0, left: 0, published: 0, waiting: 0 })
  expect(await savedState(command.folder)).toEqual(state)

  const twin = join(command.folder, 'twin')
  const stopped = await command.start(['--no-simulate', '--data', twin])
  await publishAll(stopped.facts.mqtt.port, 'v1/press-7', readings(200))
  await end(stopped.child, 'SIGINT')
  expect(await savedState(twin)).toEqual(state)
})

test('a device that goes on publishing while it drains has everything taken once, before or after', async () => {
  const { server, environment } = await anyNats()
  const killed = await command.start(['--no-simulate'], environment)
  const device = await connectAsync(`mqtt://127.0.0.1:${killed.facts.mqtt.port}`, {
    ...{ clientId: 'press-7', outgoingStore: new ResendStore(), reconnectPeriod: 50 },
  })
  onTestFinished(() => device.endAsync(true))
  const acknowledged: string[] = []
  const publishing: Promise<unknown>[] = []
  const publish = (name: string): void => {
    // A topic of its own: the second fault of a kind on one topic is only counted.
    const publishes = device.publishAsync(`v1/press-7/${name.replace(' ', '-')}`, name, { qos: 1 })
    publishing.push(publishes.then(() => acknowledged.push(name)))
  }
  for (let number = 1; number <= 300; number++) publish(`early ${number}`)
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20)
  await end(killed.child, 'SIGKILL')
  const before = [...acknowledged]
  for (let number = 1; number <= 50; number++) publish(`meanwhile ${number}`)

  expect(await drain(environment)).toMatchObject({ left: 0, waiting: 0 })
  expect(await deadLetters(server)).toEqual(expect.arrayContaining(before))
  await command.start(['--no-simulate'], environment)
  await Promise.all(publishing)
  await expect.poll(() => deadLetters(server), { timeout: 20_000 }).toHaveLength(350)
  expect((await deadLetters(server)).sort()).toEqual([...acknowledged].sort())
}, 60_000)

test('without NATS it says so and ends with 1, having worked in what was left; a later one publishes', async () => {
  const { server, environment } = await anyNats()
  const { child, facts } = await command.start(['--no-simulate'], noServer)
  await publishAll(facts.mqtt.port, 'v1/press-7/temperature', ['not a number', '71.4'])
  await publishAll(facts.mqtt.port, 'v1/press-7/pressure', ['nor this'])
  await end(child, 'SIGKILL')
  await server.stop()
  for (const replayed of [expect.any(Number), 0]) {
    const { stderr, ...result } = await drain(environment, 1)
    expect(result).toEqual({ replayed, left: 0, published: 0, waiting: 2 })
    expect(stderr).toMatch(/no NATS server at .*; trying again\n/)
    expect(stderr).toContain('tidemark: after 2 s 2 messages still wait for a NATS server. Nothing is lost')
  }
  await server.start()
  expect(await drain(environment)).toMatchObject({ replayed: 0, left: 0, published: 2, waiting: 0 })
  expect(await deadLetters(server)).toEqual(['not a number', 'nor this'])
})

test('a tidemark that is running is left alone', async () => {
  const { child } = await command.start()
  const { code, stderr } = await command.run(['drain', '--data', command.folder])
  expect(stderr).toContain(`runs on this data folder already, process ${child.pid}: stop it`)
  expect(code).toBe(1)
})

test('where no tidemark has been, it says so and makes nothing', async () => {
  const { code, stderr } = await command.run(['drain', '--data', join(command.folder, 'nowhere')])
  expect(stderr).toContain('run "tidemark start" there first')
  expect(code).toBe(1)
})
