import type { AuthenticateError, Client, ConnectPacket } from 'aedes'
import { connectionOf } from './connection-of.ts'
import type { BrokerLimits } from './limits.ts'
import type { Reception } from './reception.ts'
import type { Refusals } from './refusals.ts'
import type { Wills } from './wills.ts'

/**
 * Admits clients with an id of up to `clientIdBytes` without control characters, or without an id where
 * MQTT 3.1.1 allows that. Every session is made a clean one; a client that asks for more gets "session
 * present" 0, and resends what it has unacknowledged all the same.
 */
export const admission = (
  { clientIdBytes, willBytes }: BrokerLimits,
  reception: Pick<Reception, 'recordId'>,
  wills: Wills,
  refusals: Refusals,
) => {
  const isAllowed = (id: string): boolean =>
    id !== '' && Buffer.byteLength(id) <= clientIdBytes && !/\p{Cc}/u.test(id)
  return {
    preConnect(
      client: Client,
      packet: ConnectPacket,
      done: (error: Error | null, success: boolean) => void,
    ): void {
      const { clientId, protocolVersion, clean } = packet
      const connection = connectionOf(client)
      connection.named = isAllowed(clientId)
      const nameless = clientId === '' && protocolVersion === 4 && clean === true
      connection.refusal = connection.named || nameless ? 0 : identifierRejected
      const from = { clientId, remote: connection.remote }
      if (connection.refusal !== 0) {
        const reason =
          clientId === ''
            ? 'was refused: it has no client id and asks for a session to be kept; give it an id'
            : `was refused: its client id has control characters, or more than ${clientIdBytes} bytes; choose another`
        refusals.add('refusedClientIds', from, reason)
      } else if (packet.will && !wills.admit(client, packet.will)) {
        connection.refusal = serverUnavailable
        const reason = `was refused: its will does not fit into the ${willBytes} bytes for the wills of all clients; shorten wills, or raise limits.willBytes`
        refusals.add('refusedWills', from, reason)
      } else if (connection.named) reception.recordId(clientId, connection)
      packet.clean = true
      // Aedes does not see the publishes that the connection takes itself, so silence is judged there.
      if (packet.keepalive) connection.patience = packet.keepalive * 1_500
      packet.keepalive = 0
      done(null, true)
    },
    authenticate(
      client: Client,
      _username: string | undefined,
      _password: Buffer | undefined,
      done: (error: AuthenticateError | null, success: boolean | null) => void,
    ): void {
      const { refusal } = connectionOf(client)
      const reason = refusal === serverUnavailable ? 'no room for its will' : 'client id rejected'
      done(refusal === 0 ? null : Object.assign(new Error(reason), { returnCode: refusal }), true)
    },
  }
}

const identifierRejected = 2
const serverUnavailable = 3
