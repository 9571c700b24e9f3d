/** A packet longer than allowed, known from its header alone. */
export class PacketTooLong extends Error {
  override readonly name = 'PacketTooLong'
}

/**
 * Where the MQTT packet that starts at `start` ends, or −1 when it is not all there yet.
 * @throws PacketTooLong when its header declares more than `longest` bytes, or a length in more than 4.
 */
export const packetEnd = (bytes: Uint8Array, start: number, longest: number): number => {
  let place = start + 1
  let length = 0
  for (let shift = 0; ; shift += 7) {
    if (place >= bytes.length) return -1
    if (shift > 21) throw new PacketTooLong('a packet declares its length in more than 4 bytes')
    const byte = bytes[place++]!
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const end = place + length
  if (end - start > longest)
    throw new PacketTooLong(`a packet of ${end - start} bytes is longer than ${longest}`)
  return end <= bytes.length ? end : -1
}
