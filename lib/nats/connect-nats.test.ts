import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { connect } from 'nats'
import { firstValueFrom } from 'rxjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type NatsServer, startNatsServer } from '../../test/support/nats-server.ts'
import { connectNats } from './connect-nats.ts'
import type { NatsState, NatsStatus } from './nats-status.ts'

const startServer = async (): Promise<NatsServer> => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  return server
}

test('the status tells of the loss and the return of the server, and closing ends it', async () => {
  const server = await startServer()
  const nats = await connectNats({ servers: server.address, retryAfter: 20 })
  const seen: NatsStatus[] = []
  const ended = new Promise<void>((complete) =>
    nats.status.subscribe({ next: (status) => seen.push(status), complete }),
  )
  expect(nats.connected).toBe(true)
  await server.kill()
  await expect.poll(() => nats.connected).toBe(false)
  await server.start()
  await expect.poll(() => nats.connected, { timeout: 10_000 }).toBe(true)
  await nats.close()
  await ended
  expect(nats.connected).toBe(false)
  const changes = seen
    .map(({ connected }) => connected)
    .filter((connected, at, all) => connected !== all[at - 1])
  expect(changes).toEqual([true, false, true, false])
})

test('an address may name who connects, and no message says it', async () => {
  const server = await startNatsServer(['--user', 'ann', '--pass', 'a@b:c'])
  onTestFinished(() => server.remove())
  const servers = `nats://ann:a%40b%3Ac@${server.address}`
  const nats = await connectNats({ servers, firstConnect: 'fail' })
  onTestFinished(() => nats.close())
  expect(nats.connected).toBe(true)

  await server.stop()
  const later = await connectNats({ servers, firstConnect: 'later', retryAfter: 20 })
  onTestFinished(() => later.close())
  await expect
    .poll(() => firstValueFrom(later.status))
    .toMatchObject({ detail: expect.stringContaining(`no NATS server at nats://${server.address}`) })
})

test('refused credentials are reported as such, at first and after a restart, and never shown', async () => {
  const server = await startNatsServer(['--user', 'ann', '--pass', 'right'])
  onTestFinished(() => server.remove())
  const wrong = `nats://ann:wrong@${server.address}`
  const refused = {
    state: 'refused',
    connected: false,
    detail:
      `the NATS server at nats://${server.address} refused the credentials (Authorization Violation): ` +
      'connect as a user that it accepts',
  }
  await expect(connectNats({ servers: wrong, firstConnect: 'fail' })).rejects.toThrow(refused.detail)
  const later = await connectNats({ servers: wrong, firstConnect: 'later', retryAfter: 20 })
  onTestFinished(() => later.close())
  await expect.poll(() => firstValueFrom(later.status)).toEqual(refused)

  const nats = await connectNats({ servers: `nats://ann:right@${server.address}`, retryAfter: 20 })
  onTestFinished(() => nats.close())
  await server.stop()
  await expect.poll(() => firstValueFrom(nats.status)).toMatchObject({ state: 'lost' })
  const [, port] = server.address.split(':')
  const other = await startNatsServer(['-p', port!, '--user', 'ann', '--pass', 'new'])
  onTestFinished(() => other.remove())
  await expect.poll(() => firstValueFrom(nats.status), { timeout: 5_000 }).toEqual(refused)
})

type AtEnd = (what: () => void) => void

/** An address where connections are accepted and nothing is ever sent. */
const mute = async (atEnd: AtEnd): Promise<string> => {
  const server = createServer((socket) => sockets.push(socket))
  const sockets: Socket[] = []
  atEnd(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An address where packets are dropped: the queue of a process that accepts no connection is full. */
const dropping = async (atEnd: AtEnd): Promise<string> => {
  const program = `const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`
  const child = spawn(process.execPath, ['-e', program])
  atEnd(() => void child.kill('SIGKILL'))
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  for (let at = 0; at < 4; at++) {
    const socket = createConnection(Number(port), '127.0.0.1').on('error', () => {})
    atEnd(() => void socket.destroy())
  }
  return `127.0.0.1:${port}`
}

describe.concurrent('within five seconds a program learns that', () => {
  test.for<[string, ...((atEnd: AtEnd) => Promise<string>)[]]>([
    ['a server accepts connections and does not answer', mute],
    ['no packet comes back', dropping],
    ['neither of two servers answers', mute, mute],
  ])('%s', async ([, ...makers], { expect, onTestFinished }) => {
    const servers = await Promise.all(makers.map((make) => make(onTestFinished)))
    const detail =
      `the NATS server at ${servers.join(', ')} does not answer: ` +
      'check the address and the firewall, or restart the server'
    const later = await connectNats({ servers, firstConnect: 'later' })
    onTestFinished(() => later.close())
    const before = performance.now()
    await expect(connectNats({ servers })).rejects.toThrow(detail)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(await firstValueFrom(later.status)).toEqual({ state: 'silent', connected: false, detail })
  })

  test('nothing listens at the address', async ({ expect }) => {
    await expect(connectNats({ servers: '127.0.0.1:1' })).rejects.toThrow('no NATS server at 127.0.0.1:1')
  })
})

test('a server that is not there yet is waited for, with the reason, or refused, or connected later', async () => {
  const server = await startServer()
  await server.stop()
  const servers = server.address
  await expect(connectNats({ servers, firstConnect: 'fail' })).rejects.toThrow()

  const later = await connectNats({ servers, firstConnect: 'later', retryAfter: 20 })
  onTestFinished(() => later.close())
  expect(later.connected).toBe(false)
  await expect
    .poll(() => firstValueFrom(later.status))
    .toMatchObject({ connected: false, detail: expect.stringContaining(servers) })
  const seen: NatsState[] = []
  const onStatus = ({ state }: NatsStatus): void => void seen.push(state)
  const waiting = connectNats({ servers, firstConnect: 'wait', retryAfter: 20, onStatus })
  await expect.poll(() => seen).toContain('unreachable')

  await server.start()
  const waited = await waiting
  onTestFinished(() => waited.close())
  expect(waited.connected).toBe(true)
  expect(new Set(seen)).toEqual(new Set(['connecting', 'unreachable', 'connected']))
  await later.connection
  expect(later.connected).toBe(true)
})

test('a connection closed before there was a server lets go of everything', async () => {
  const nats = await connectNats({ servers: '127.0.0.1:1', firstConnect: 'later', retryAfter: 20 })
  await nats.close()
  await nats.close()
  await expect(nats.connection).rejects.toThrow('closed before it was made')
})

test('a connection to a server that accepts and says nothing is closed without waiting for it', async () => {
  const silent = createServer()
  onTestFinished(() => void silent.close())
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  const accepted = once(silent, 'connection')
  const { port } = silent.address() as AddressInfo
  const nats = await connectNats({ servers: `127.0.0.1:${port}`, firstConnect: 'later' })
  const [socket] = (await accepted) as [Socket]
  onTestFinished(() => void socket.destroy())
  const before = performance.now()
  await nats.close()
  expect(performance.now() - before).toBeLessThan(2_000)
  await expect(nats.connection).rejects.toThrow('closed before it was made')
})

test('the client refuses protocol lines smuggled into a subject', async () => {
  const server = await startServer()
  const client = await connect({ servers: server.address })
  onTestFinished(() => client.close())
  for (const subject of ['a b', 'a\r\nPUB b 0\r\n', 'a\tb', ''])
    expect(() => client.publish(subject)).toThrow()
})
