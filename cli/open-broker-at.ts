import { type Broker, type BrokerOptions, openBroker } from '../devices/broker/open-broker.ts'
import { freePort } from './free-port.ts'
import { portFailure } from './port-failure.ts'

export interface BrokerPlace extends Omit<BrokerOptions, 'port'> {
  readonly port: number
  /** Whether the next free port does as well when this one is taken. */
  readonly orNext: boolean
}

/**
 * Opens the MQTT broker at a port.
 * @throws Error that says what to do when the port cannot be had.
 */
export const openBrokerAt = async ({ orNext, ...options }: BrokerPlace): Promise<Broker> => {
  // Between the look and the use another program may take a free port: then the next one is tried.
  for (let tries = 1; ; tries++) {
    const port = orNext ? await freePort(options.port) : options.port
    try {
      return await openBroker({ ...options, port })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && orNext && tries < 5) continue
      throw portFailure(error, { port, option: '--port', clients: 'Devices' })
    }
  }
}
