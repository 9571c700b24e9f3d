import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { expect, onTestFinished, test } from 'vitest'
import { startNatsServer } from '../../test/support/nats-server.ts'
import { connectNats } from './connect-nats.ts'
import { rowId } from './row-id.ts'
import { streamPort } from './stream-port.ts'

test('the newest row is found behind newer messages that were deleted', async () => {
  const server = await startNatsServer()
  onTestFinished(() => server.remove())
  const nats = await connectNats({ servers: server.address })
  onTestFinished(() => nats.close())
  const connection = await nats.connection
  const manager = await jetstreamManager(connection)
  await manager.streams.add({ name: 'alarms', subjects: ['alarm.>'] })
  const id = rowId('ours', { position: 1, index: 0 })
  for (const msgID of [id, 'forged-1-0', 'forged-2-0'])
    await jetstream(connection).publish('alarm.x', '{}', { msgID })
  for (const sequence of [2, 3]) await manager.streams.deleteMessage('alarms', sequence)
  const port = streamPort(nats.connection, { name: 'alarms', subjects: ['alarm.>'] })
  expect(await port.look(undefined)).toMatchObject({
    lastSequence: 3,
    last: { id: { epoch: 'ours', key: { position: 1, index: 0 } }, sequence: 1 },
    strays: 0,
  })
})
