import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openTestBroker } from '../../test/support/broker-bench.ts'
import { listen } from './listen.ts'
import { openBroker } from './open-broker.ts'

test('a port that is taken is named, with the option to choose another', async () => {
  const { port } = (await openTestBroker()).address
  await expect(openBroker({ port })).rejects.toMatchObject({
    message: `port ${port} of 127.0.0.1 is taken by another program: end that, or choose another with port`,
    code: 'EADDRINUSE',
  })
})

test('an address of another machine is named, with the option to choose another', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await expect(listen(server, 0, '203.0.113.9', () => {})).rejects.toThrow(
    'host 203.0.113.9 is no address of this machine',
  )
})

test('what else is wrong is said as the system says it', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await expect(listen(server, 0, 'a'.repeat(300), () => {})).rejects.toThrow(
    /host a+ is not known|cannot listen on a+:0/,
  )
})

test('an error while it listens, and a second one, are reported and end nothing', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  const errors: string[] = []
  await listen(server, 0, '127.0.0.1', ({ message }) => errors.push(message))
  for (const message of ['accept EMFILE', 'accept ENFILE']) server.emit('error', new Error(message))
  expect(errors).toEqual(['accept EMFILE', 'accept ENFILE'])
  expect(server.listening).toBe(true)
})
