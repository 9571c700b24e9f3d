/** How far a run of whole packets may be handed over. */
export interface Run {
  /** Bytes up to which packets are whole and allowed. */
  readonly end: number
  /** Whether a whole packet follows that was not allowed. */
  readonly more: boolean
}

export interface RunLimits {
  readonly packets: number
  readonly publishes: number
  readonly bytes: number
  readonly packetBytes: number
}

/** A packet longer than allowed, known from its header alone. */
export class PacketTooLong extends Error {
  override readonly name = 'PacketTooLong'
}

/**
 * Finds the whole MQTT packets at the start of `bytes` and how many of them `limits` allow, without
 * reading more of each than its fixed header. At least one publish is allowed when `publishes` is not 0.
 * @throws PacketTooLong when a header declares more than `packetBytes`, or a length in more than 4 bytes.
 */
export const packets = (bytes: Uint8Array, limits: RunLimits): Run => {
  let end = 0
  let publishes = 0
  for (let count = 0; ; count++) {
    let place = end + 1
    let length = 0
    let shift = 0
    let byte = 0
    do {
      if (place >= bytes.length) return { end, more: false }
      if (shift > 21) throw new PacketTooLong('a packet declares its length in more than 4 bytes')
      byte = bytes[place++]!
      length |= (byte & 0x7f) << shift
      shift += 7
    } while (byte & 0x80)
    const next = place + length
    if (next - end > limits.packetBytes)
      throw new PacketTooLong(`a packet of ${next - end} bytes is longer than ${limits.packetBytes}`)
    if (next > bytes.length) return { end, more: false }
    if (count >= limits.packets) return { end, more: true }
    if (bytes[end]! >> 4 === publish) {
      if (publishes >= limits.publishes || (publishes > 0 && next > limits.bytes)) return { end, more: true }
      publishes++
    }
    end = next
  }
}

const publish = 3
