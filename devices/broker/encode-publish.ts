/** What a subscriber is sent. */
export interface OutgoingPublish {
  readonly topic: string
  readonly payload: Uint8Array
  readonly retain: boolean
}

/** A PUBLISH packet of MQTT 3.1.1. With a message id it is of QoS `qos`, and of QoS 0 without. */
export const encodePublish = (
  { topic, payload, retain }: OutgoingPublish,
  qos: 0 | 1 | 2,
  messageId?: number,
): Buffer => {
  const topicBytes = Buffer.byteLength(topic)
  const length = 2 + topicBytes + (messageId === undefined ? 0 : 2) + payload.length
  const lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4
  const packet = Buffer.allocUnsafe(1 + lengthBytes + length)
  packet[0] = (publishType << 4) | (qos << 1) | (retain ? 1 : 0)
  let place = 1
  for (let rest = length; place <= lengthBytes; rest >>= 7)
    packet[place++] = (rest & 0x7f) | (place <= lengthBytes ? 0x80 : 0)
  place = packet.writeUInt16BE(topicBytes, place)
  place += packet.write(topic, place)
  if (messageId !== undefined) place = packet.writeUInt16BE(messageId, place)
  packet.set(payload, place)
  return packet
}

const publishType = 3
