import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from 'nats'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readServerAddresses } from '../../lib/nats/server-address.ts'
import { freePort } from '../free-port.ts'
import { processCommand } from '../process-command.ts'
import { findNatsServer } from './find-nats-server.ts'
import { startManagedNats } from './managed-nats.ts'
import { readNatsInfo } from './nats-info.ts'
import { launchNats } from './nats-process.ts'

const program = findNatsServer() ?? 'nats-server'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'managed-nats-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const portOf = (url: string): number => Number(new URL(url).port)

test('the server answers with JetStream, on a free port, and is gone after a stop', async () => {
  const one = await startManagedNats({ program, folder: join(folder, 'one'), port: 14_222 })
  const two = await startManagedNats({ program, folder: join(folder, 'two'), port: 14_222 })
  expect(portOf(two.url)).toBeGreaterThan(portOf(one.url))
  expect(await readNatsInfo(portOf(one.url))).toMatchObject({
    jetstream: true,
    version: (await one.ready).version,
  })
  await Promise.all([one.stop(), two.stop()])
  await expect(readNatsInfo(portOf(one.url))).rejects.toThrow('no NATS server')
})

test('a port that was asked for is not exchanged: the error names its holder and the remedy', async () => {
  const one = await startManagedNats({ program, folder: join(folder, 'one'), port: 14_422 })
  onTestFinished(() => one.stop())
  const port = portOf(one.url)
  const again = { program, folder: join(folder, 'two'), port, orNextPort: false }
  const holder = process.platform === 'linux' ? `process ${one.pid} \\(.+\\)` : 'another program'
  await expect(startManagedNats(again)).rejects.toThrow(
    new RegExp(`^port ${port} is taken by ${holder}: stop that, or choose another port with --nats-port`),
  )
  await one.stop()
  const two = await startManagedNats(again)
  onTestFinished(() => two.stop())
  expect(portOf(two.url)).toBe(port)
})

test('a killed server comes back at the same address', async () => {
  const notices: string[] = []
  const nats = await startManagedNats({ program, folder, onNotice: (line) => notices.push(line) })
  const { pid } = nats
  process.kill(pid!, 'SIGKILL')
  await vi.waitFor(() => expect(notices.at(-1)).toContain('is back'), { timeout: 10_000 })
  expect(nats.pid).not.toBe(pid)
  expect(await readNatsInfo(portOf(nats.url))).toMatchObject({ jetstream: true })
  await nats.stop()
  expect(notices).toEqual([expect.stringContaining('SIGKILL'), expect.stringContaining('is back')])
})

test('a server that no longer answers is replaced', async () => {
  const notices: string[] = []
  const onNotice = (line: string): void => void notices.push(line)
  const nats = await startManagedNats({ program, folder, onNotice, checkEveryMs: 50 })
  process.kill(nats.pid!, 'SIGSTOP')
  await vi.waitFor(() => expect(notices.at(-1)).toContain('is back'), { timeout: 20_000 })
  await nats.stop()
})

test('the server of a killed parent is ended before another one uses its store', async () => {
  const first = await startManagedNats({ program, folder })
  await first.stop()
  const orphan = launchNats(program, folder)
  await vi.waitFor(() => readNatsInfo(portOf(first.url)), { timeout: 10_000 })
  const notices: string[] = []
  const second = await startManagedNats({ program, folder, onNotice: (line) => notices.push(line) })
  expect(orphan.end).toBeDefined()
  expect(notices).toEqual([expect.stringContaining(String(orphan.pid))])
  await second.stop()
})

test('a process that merely has the recorded id is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const first = await startManagedNats({ program, folder })
  await first.stop()
  writeFileSync(join(folder, 'nats.pid'), String(stranger.pid))
  const second = await startManagedNats({ program, folder })
  expect(processCommand(stranger.pid!)).toContain('setInterval')
  await second.stop()
  stranger.kill('SIGKILL')
})

test('a program that cannot start is reported with the end of its log', async () => {
  await expect(startManagedNats({ program: '/bin/false', folder })).rejects.toThrow(
    'does not start (exit code 1)',
  )
})

describe('a client', () => {
  const connected = async (url: string): Promise<NatsConnection> => {
    const { addresses, credentials } = readServerAddresses(url)
    const client = await connect({ servers: addresses, ...credentials })
    onTestFinished(() => client.close())
    return client
  }
  const startServer = async () => {
    const nats = await startManagedNats({ program, folder })
    onTestFinished(() => nats.stop())
    const writer = await connected(nats.url)
    const manager = await jetstreamManager(writer)
    const messages = async (): Promise<number> => (await manager.streams.info('plant')).state.messages
    return { nats, writer, manager, messages, address: `127.0.0.1:${portOf(nats.url)}` }
  }

  test('without a user may subscribe, also to everything, and publish nothing', async () => {
    const { writer, manager, messages, address } = await startServer()
    await manager.streams.add({ name: 'plant', subjects: ['anomaly.>'] })
    const anonymous = await connected(address)
    const seen: string[] = []
    for (const subject of ['anomaly.>', '>'])
      anonymous.subscribe(subject, { callback: (_, message) => void seen.push(message.subject) })
    await anonymous.flush()
    await jetstream(writer).publish('anomaly.press-7.temperature', '{}')
    await expect.poll(() => seen).toEqual(['anomaly.press-7.temperature', 'anomaly.press-7.temperature'])

    anonymous.publish('anomaly.press-7.forged', '{}')
    // The answer to a request is published by the server, to whatever subject the request names.
    for (const request of ['$JS.API.INFO', '$JS.API.STREAM.INFO.plant', '$JS.API.STREAM.MSG.GET.plant'])
      anonymous.publish(request, '{"seq":1}', { reply: 'anomaly.press-7.forged' })
    await anonymous.flush()
    await expect(jetstreamManager(anonymous)).rejects.toThrow(/permissions violation/i)
    expect(await messages()).toBe(1)
  })

  test('with the user of the folder may publish, before and after a restart of the server', async () => {
    const first = await startManagedNats({ program, folder })
    await first.stop()
    const { nats, manager, messages } = await startServer()
    expect(readServerAddresses(first.url).credentials).toEqual(readServerAddresses(nats.url).credentials)
    await manager.streams.add({ name: 'plant', subjects: ['anomaly.>'] })
    await jetstream(await connected(first.url)).publish('anomaly.x', '{}')
    expect(await messages()).toBe(1)
  })

  test('finds the password in no command line and no log, and only the owner in a file', async () => {
    const { nats } = await startServer()
    const { pass = '' } = readServerAddresses(nats.url).credentials
    expect(processCommand(nats.pid!)).not.toContain(pass)
    expect(readFileSync(join(folder, 'nats.log'), 'utf8')).not.toContain(pass)
    for (const name of ['url', 'nats.conf']) {
      expect(readFileSync(join(folder, name), 'utf8')).toContain(pass)
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    }
  })
})

test('a folder from before there was a user keeps its streams', async () => {
  const port = await freePort(14_322)
  writeFileSync(
    join(folder, 'nats.conf'),
    `host: "127.0.0.1"\nport: ${port}\njetstream { store_dir: ${JSON.stringify(folder)} }\n`,
    { mode: 0o644 },
  )
  const before = launchNats(program, folder)
  await vi.waitFor(() => readNatsInfo(port), { timeout: 10_000 })
  const client = await connect({ servers: `127.0.0.1:${port}` })
  await (await jetstreamManager(client)).streams.add({ name: 'plant', subjects: ['anomaly.>'] })
  await jetstream(client).publish('anomaly.x', '{}')
  await client.close()
  before.kill('SIGKILL')
  await before.ended

  const nats = await startManagedNats({ program, folder })
  onTestFinished(() => nats.stop())
  const { addresses, credentials } = readServerAddresses(nats.url)
  const after = await connect({ servers: addresses, ...credentials })
  onTestFinished(() => after.close())
  expect((await (await jetstreamManager(after)).streams.info('plant')).state.messages).toBe(1)
  expect(statSync(join(folder, 'nats.conf')).mode & 0o777).toBe(0o600)
})
