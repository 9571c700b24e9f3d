import { expect, test } from 'vitest'
import { readingTopic } from './reading-topic.ts'

test('a metric and a whole device have a topic each', () => {
  expect(readingTopic('press-7', 'temperature')).toBe('v1/press-7/temperature')
  expect(readingTopic('press-7')).toBe('v1/press-7')
})

test('a name that would change the topic is refused, with the name and the remedy', () => {
  for (const name of ['', 'a/b', '+', 'a#', 'a\nb', '\0', '\ud800'])
    expect(() => readingTopic(name, 'm'), JSON.stringify(name)).toThrow(
      /device ".*" cannot be a level.*name it/,
    )
  expect(() => readingTopic('press-7', 'a/b')).toThrow('metric "a/b"')
})
