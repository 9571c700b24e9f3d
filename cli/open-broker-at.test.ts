import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openBrokerAt } from './open-broker-at.ts'

const takenPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a default port that is taken is exchanged for the next free one', async () => {
  const port = await takenPort()
  const broker = await openBrokerAt({ port, orNext: true })
  expect(broker.address.port).toBeGreaterThan(port)
  await broker.close()
})

test('a port that was asked for is not exchanged: the error names its holder and the remedy', async () => {
  const port = await takenPort()
  const holder = process.platform === 'linux' ? `process ${process.pid} \\(.+\\)` : 'another program'
  await expect(openBrokerAt({ port, orNext: false })).rejects.toThrow(
    new RegExp(`^port ${port} is taken by ${holder}: stop that, or choose another port with --port`),
  )
})
