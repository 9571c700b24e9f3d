/** What an outbox row holds: a message as it will be published, whatever may change before it is. */
export interface OutboxMessage {
  readonly subject: string
  /** Of the actor it comes from, for the dead letter that may have to take its place. */
  readonly key: string
  readonly payload: Uint8Array
}

/** Length and text of the subject, length and text of the key, the payload. Lengths take two bytes. */
export const encodeOutboxMessage = ({ subject, key, payload }: OutboxMessage): Uint8Array => {
  const keyBytes = Buffer.byteLength(key)
  const bytes = Buffer.allocUnsafe(4 + subject.length + keyBytes + payload.length)
  let at = bytes.writeUInt16BE(subject.length, 0)
  at += bytes.write(subject, at, 'latin1')
  at = bytes.writeUInt16BE(keyBytes, at)
  at += bytes.write(key, at)
  bytes.set(payload, at)
  return bytes
}

/** The payload is a view of `bytes`, not a copy. */
export const decodeOutboxMessage = (bytes: Uint8Array): OutboxMessage => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const keyAt = 4 + view.readUInt16BE(0)
  const payloadAt = keyAt + view.readUInt16BE(keyAt - 2)
  const subject = view.toString('latin1', 2, keyAt - 2)
  return { subject, key: view.toString('utf8', keyAt, payloadAt), payload: bytes.subarray(payloadAt) }
}
