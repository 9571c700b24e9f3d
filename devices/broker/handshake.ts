/** The first bytes of packets that have a message id and nothing else. */
export const puback = 0x40
export const pubrec = 0x50
const pubrel = 0x62
const pubcomp = 0x70

/**
 * The first byte of the packet that follows one with the first byte `received` in a handshake of QoS 2;
 * undefined when none follows. Nothing is remembered of a handshake: a publish of QoS 2 that comes again has
 * the same receipt, and what a subscriber does not acknowledge is not sent again, as every session is a clean
 * one.
 */
export const handshakeReply = (received: number): number | undefined => {
  if (received === pubrec) return pubrel
  return received === pubrel ? pubcomp : undefined
}
