import { generate } from 'mqtt-packet'
import { QuietClient } from '../../support/quiet-client.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Sends packets that MQTT 3.1.1 forbids, and some that other brokers refuse although it allows them. */
export const protocolStrictness: HostileFault = {
  id: 'R13',
  what: 'packets that MQTT 3.1.1 forbids close their connection, and what it allows is taken',
  async prove({ scale, progress }) {
    const rounds = scale === 'small' ? 1 : 100
    const tidemark = await TidemarkProcess.start()
    const { port } = tidemark
    const quiet = await QuietClient.connect({ port })
    const wrong = new Set<string>()
    try {
      for (let round = 0; round < rounds; round++) {
        for (const [name, bytes] of forbiddenConnects)
          if (!(await isClosedBy(await RawMqtt.open(port), bytes))) wrong.add(name)
        for (const [name, bytes] of forbiddenPackets)
          if (!(await isClosedBy(await RawMqtt.connect(port, 'strict'), bytes))) wrong.add(name)
        for (const filter of deepFilters)
          if (!(await isRefusedAlone(port, filter)))
            wrong.add(`a filter of ${filter.split('/').length} levels`)
        for (const clientId of allowedIds)
          if (!(await isServed(port, clientId))) wrong.add(`client id "${clientId}"`)
      }
      progress(`${rounds} rounds, wrong: ${[...wrong].join(', ') || 'none'}`)
      const { isRunning } = tidemark
      const { p99 } = quiet.latency()
      const holds = isRunning && wrong.size === 0 && quiet.isConnected
      return { holds, isRunning, rounds, wrong: [...wrong], p99 }
    } finally {
      quiet.close()
      await tidemark.remove()
    }
  },
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

/** A packet of less than 128 bytes. */
const packet = (header: number, ...fields: readonly (number | Buffer)[]): Buffer => {
  const body = Buffer.concat(
    fields.map((field) => (typeof field === 'number' ? Buffer.from([field]) : field)),
  )
  return Buffer.concat([Buffer.from([header, body.length]), body])
}

const connect = (flags: number, ...fields: readonly string[]): Buffer =>
  packet(0x10, text('MQTT'), 4, flags, 0, 0, text('strict'), ...fields.map(text))

const forbiddenConnects: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a password without a user', connect(0x42, 'secret')],
  ['a will of QoS 3', connect(0x1e, 'v1/strict/alive', '0')],
  ['a reserved connect flag', connect(0x03)],
]

const forbiddenPackets: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a PUBLISH with message id 0', packet(0x32, text('v1/strict/value'), 0, 0, Buffer.from('1'))],
  ['a SUBSCRIBE with message id 0', packet(0x82, 0, 0, text('v1/#'), 0)],
  ['the filter a#', packet(0x82, 0, 1, text('a#'), 0)],
  ['a topic with a wildcard', packet(0x30, text('v1/+/value'), Buffer.from('1'))],
]

const deepFilters = [1_000, 10_000].map((levels) => Array.from({ length: levels }, () => 'a').join('/'))

const allowedIds = ['press 7', 'hall/line/press-7', 'Fräse {2} @ Halle #1+', 'ü'.repeat(32)]

/** Whether the connection is closed for `bytes`, without an answer to them. */
const isClosedBy = async (client: RawMqtt, bytes: Buffer): Promise<boolean> => {
  const { length } = client.packets
  client.socket.write(bytes)
  // What follows is answered only if the connection stays.
  client.send({ cmd: 'pingreq' })
  await client.until(() => client.closed || client.packets.length > length)
  const isClosed = client.packets.length === length
  client.close()
  return isClosed
}

/** Whether the filter gets SUBACK 128, and the connection goes on. */
const isRefusedAlone = async (port: number, filter: string): Promise<boolean> => {
  const client = await RawMqtt.connect(port, 'strict')
  client.socket.write(
    generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] }),
  )
  await client.ping()
  const [suback] = client.packets.filter(({ cmd }) => cmd === 'suback') as { granted: unknown }[]
  const isRefused = !client.closed && JSON.stringify(suback?.granted) === '[128]'
  client.close()
  return isRefused
}

/** Whether a client with this id is accepted, and its publish acknowledged. */
const isServed = async (port: number, clientId: string): Promise<boolean> => {
  const client = await RawMqtt.connect(port, clientId)
  client.publish('v1/strict/value', '1', 1)
  await client.until(() => client.closed || client.acknowledged().length === 1)
  const isAcknowledged = client.acknowledged().length === 1
  client.close()
  return isAcknowledged
}
