import { expect, test } from 'vitest'
import { brokerLimits } from './limits.ts'
import { topicFault } from './topic-fault.ts'

test.each([
  ['v1/press-7/temperature', undefined],
  ['größe/température', undefined],
  ['a/b/c/d/e/f/g/h', undefined],
  ['a'.repeat(256), undefined],
  ['a/b/c/d/e/f/g/h/i', 'more than 8 levels'],
  ['a'.repeat(257), 'longer than 256 bytes'],
  ['ü'.repeat(129), 'longer than 256 bytes'],
  ['$SYS/x', 'starts with "$"'],
  ['v1/a\r\nPUB x', 'control character'],
  ['v1/\0', 'control character'],
  ['v1/\u0085', 'control character'],
  ['v1/\ufffd', 'invalid UTF-8'],
  ['v1/+', 'wildcard'],
])('topic %j: %s', (topic, reason) => {
  const fault = topicFault(topic, brokerLimits)
  if (reason === undefined) expect(fault).toBeUndefined()
  else expect(fault?.message).toContain(reason)
})

test('a fault shows nothing of a topic that could break a line', () => {
  expect(topicFault('v1/a\r\nb', brokerLimits)?.message).not.toMatch(/\p{Cc}/u)
})
