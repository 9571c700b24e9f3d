import { ProtocolViolation, UnsupportedVersion } from './packet-fields.ts'
import { PacketTooLong } from './packet-length.ts'
import type { RefusalKind } from './refusals.ts'
import { UnreadBytes } from './socket-writer.ts'

/** The refusal of a client whose connection is closed for `error`; undefined for an error of another kind. */
export const refusalOf = (
  error: unknown,
): { readonly kind: RefusalKind; readonly reason: string } | undefined => {
  if (error instanceof UnsupportedVersion)
    return {
      kind: 'refusedVersions',
      reason: `was refused: it speaks ${error.version}; set it to MQTT 3.1.1`,
    }
  if (error instanceof ProtocolViolation)
    return {
      kind: 'protocolViolations',
      reason: `was disconnected: ${error.message}, which MQTT 3.1.1 does not allow; update or mend the client`,
    }
  if (error instanceof PacketTooLong)
    return {
      kind: 'packetsTooLong',
      reason: `was disconnected: ${error.message}; send less in one packet, or raise limits.packetBytes`,
    }
  if (error instanceof UnreadBytes)
    return {
      kind: 'notReading',
      reason: `was disconnected: it does not read ${error.bytes} bytes that it subscribed to; subscribe to less`,
    }
  return undefined
}
