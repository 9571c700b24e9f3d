/** A packet longer than allowed, known from its header alone. */
export class PacketTooLong extends Error {
  override readonly name = 'PacketTooLong'
}

/**
 * The length that the packet at `start` declares, its header included; 0 while the header is not all there.
 * @throws PacketTooLong when it declares it in more than 4 bytes.
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

/**
 * Where the MQTT packet that starts at `start` ends, or −1 when it is not all there yet.
 * @throws PacketTooLong when its header declares more than `longest` bytes, or a length in more than 4.
 */
export const packetEnd = (bytes: Uint8Array, start: number, longest: number): number => {
  const length = packetLength(bytes, start)
  if (length > longest) throw new PacketTooLong(`a packet of ${length} bytes is longer than ${longest}`)
  return length > 0 && start + length <= bytes.length ? start + length : -1
}
