/** A packet longer than allowed, known from its header alone. */
export class PacketTooLong extends Error {
  override readonly name = 'PacketTooLong'
}

/**
 * The length that the MQTT packet at `start` declares, its header included; 0 while its header is incomplete.
 * @throws PacketTooLong when it is declared in more than 4 bytes.
 */
export const packetLength = (bytes: Uint8Array, start: number): number => {
  let place = start + 1
  let length = 0
  for (let shift = 0; ; shift += 7) {
    if (place >= bytes.length) return 0
    if (shift > 21) throw new PacketTooLong('a packet declares its length in more than 4 bytes')
    const byte = bytes[place++]!
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) return place - start + length
  }
}
