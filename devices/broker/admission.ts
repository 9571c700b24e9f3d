import type { AuthenticateError, Client, ConnectPacket } from 'aedes'
import type { BrokerCounts } from './broker-counts.ts'
import type { Connection } from './connection.ts'
import type { BrokerLimits } from './limits.ts'

/**
 * Who may connect: a client id of harmless characters, or none where MQTT 3.1.1 allows none. Every session
 * is made a clean one; a client that asks for more is told so by "session present" 0, and resends what it
 * has unacknowledged all the same.
 */
export const admission = ({ clientIdBytes }: BrokerLimits, counts: BrokerCounts) => {
  const harmless = new RegExp(`^[A-Za-z0-9._:-]{1,${clientIdBytes}}$`)
  return {
    preConnect(
      client: Client,
      packet: ConnectPacket,
      done: (error: Error | null, success: boolean) => void,
    ): void {
      const { clientId, protocolVersion, clean } = packet
      const connection = client.conn as Connection
      connection.named = harmless.test(clientId)
      const nameless = clientId === '' && protocolVersion === 4 && clean === true
      connection.refusal = connection.named || nameless ? 0 : identifierRejected
      packet.clean = true
      done(null, true)
    },
    authenticate(
      client: Client,
      _username: string | undefined,
      _password: Buffer | undefined,
      done: (error: AuthenticateError | null, success: boolean | null) => void,
    ): void {
      const { refusal } = client.conn as Connection
      if (refusal !== 0) counts.refusedClientIds++
      done(
        refusal === 0 ? null : Object.assign(new Error('client id rejected'), { returnCode: refusal }),
        true,
      )
    },
  }
}

const identifierRejected = 2
