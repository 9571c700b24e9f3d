import { expect, test } from 'vitest'
import { noAnswer } from './no-answer.ts'

test.each([
  ['jetstream is not enabled', 'start the server with JetStream (nats-server -js)'],
  ['JetStream not enabled for account', 'start the server with JetStream (nats-server -js)'],
  ['insufficient storage resources available', 'give JetStream on the server more room'],
  ['timeout', 'did not answer in time'],
])('%s: names the stream, what happens meanwhile and the remedy', (said, remedy) => {
  const words = noAnswer('tidemark', new Error(said))
  expect(words).toContain(`stream "tidemark": ${said}. What is to be published waits on the disk; `)
  expect(words).toContain(remedy)
})

test('what nobody foresaw is said as it is', () => {
  expect(noAnswer('tidemark', 'odd')).toBe(
    'stream "tidemark": odd. What is to be published waits on the disk',
  )
})
