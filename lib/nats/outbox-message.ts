/** What an outbox row holds: a message as it will be published, whatever may change before it is. */
export interface OutboxMessage {
  readonly subject: string
  readonly payload: Uint8Array
}

/** Two bytes of subject length, the subject in ASCII, the payload. */
export const encodeOutboxMessage = ({ subject, payload }: OutboxMessage): Uint8Array => {
  const bytes = Buffer.allocUnsafe(2 + subject.length + payload.length)
  bytes.writeUInt16BE(subject.length, 0)
  bytes.write(subject, 2, 'latin1')
  bytes.set(payload, 2 + subject.length)
  return bytes
}

/** The payload is a view of `bytes`, not a copy. */
export const decodeOutboxMessage = (bytes: Uint8Array): OutboxMessage => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 2 + view.readUInt16BE(0)
  return { subject: view.toString('latin1', 2, end), payload: bytes.subarray(end) }
}
