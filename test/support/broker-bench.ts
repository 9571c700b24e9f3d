import type { IConnectPacket } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import { type Broker, type BrokerOptions, openBroker } from '../../devices/broker/open-broker.ts'
import { RawMqtt } from './raw-mqtt.ts'

/** A broker at any free port; closed, whatever it holds, when the test is over. */
export const openTestBroker = async (options: BrokerOptions = {}): Promise<Broker> => {
  const broker = await openBroker({ port: 0, ...options })
  onTestFinished(() => broker.close(0))
  return broker
}

/** One that acknowledges everything, a little later. */
export const acknowledgingBroker = async (options: BrokerOptions = {}): Promise<Broker> => {
  const broker = await openTestBroker(options)
  broker.readings.subscribe(({ duty }) => setImmediate(() => duty.ack()))
  return broker
}

/** A client of `broker`, gone when the test is over. */
export const connectTo = async (
  broker: Broker,
  clientId = 'press-7',
  more: Partial<IConnectPacket> = {},
): Promise<RawMqtt> => {
  const client = await RawMqtt.connect(broker.address.port, clientId, more)
  onTestFinished(() => client.close())
  return client
}
