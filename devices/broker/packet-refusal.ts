import { ProtocolViolation, UnsupportedVersion } from './packet-fields.ts'
import { PacketTooLong } from './packet-length.ts'
import type { RefusalKind } from './refusals.ts'

/** The refusal of a packet for which its connection is closed; undefined when `error` is of another kind. */
export const packetRefusal = (
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
  return undefined
}
