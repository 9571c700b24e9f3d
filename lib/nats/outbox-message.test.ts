import { expect, test } from 'vitest'
import { decodeOutboxMessage, encodeOutboxMessage } from './outbox-message.ts'

test.each([
  ['a.b', '', ''],
  ['anomaly.press-7.temperature', 'press-7', '{"value":71.4}'],
  ['x'.repeat(1_024), 'Kühler 😀', 'ü'.repeat(100_000)],
])('a message comes back from its row', (subject, key, text) => {
  const message = decodeOutboxMessage(encodeOutboxMessage({ subject, key, payload: Buffer.from(text) }))
  expect(message.subject).toBe(subject)
  expect(message.key).toBe(key)
  expect(Buffer.from(message.payload).toString()).toBe(text)
})
