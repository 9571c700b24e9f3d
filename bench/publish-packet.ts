/** Bytes of an MQTT 3.1.1 PUBLISH of QoS 1. */
export const publishPacket = (topic: string, payload: string | Uint8Array, messageId: number): Buffer => {
  const name = Buffer.from(topic)
  const body = Buffer.from(payload)
  const rest = 2 + name.length + 2 + body.length
  return Buffer.concat([
    Buffer.from([0x32, ...lengthBytes(rest), name.length >> 8, name.length & 0xff]),
    name,
    Buffer.from([messageId >> 8, messageId & 0xff]),
    body,
  ])
}

/** Bytes of a CONNECT with a clean session and no keep-alive. */
export const connectPacket = (clientId: string): Buffer => {
  const id = Buffer.from(clientId)
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, id.length >> 8, id.length & 0xff])
  return Buffer.concat([Buffer.from([0x10, ...lengthBytes(head.length + id.length)]), head, id])
}

const lengthBytes = (length: number): number[] =>
  length < 128 ? [length] : [(length & 0x7f) | 0x80, ...lengthBytes(length >> 7)]
