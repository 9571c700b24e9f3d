import { expect, test } from 'vitest'
import { decodeOutboxMessage, encodeOutboxMessage } from './outbox-message.ts'

test.each([
  ['a.b', ''],
  ['anomaly.press-7.temperature', '{"value":71.4}'],
  ['x'.repeat(1_024), 'ü'.repeat(100_000)],
])('a message comes back from its row', (subject, text) => {
  const message = decodeOutboxMessage(encodeOutboxMessage({ subject, payload: Buffer.from(text) }))
  expect(message.subject).toBe(subject)
  expect(Buffer.from(message.payload).toString()).toBe(text)
})
