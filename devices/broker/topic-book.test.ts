import fc from 'fast-check'
import { expect, test } from 'vitest'
import { json } from '../formats/json.ts'
import { brokerLimits } from './limits.ts'
import { TopicBook } from './topic-book.ts'

const find = (book: TopicBook, name: string) => {
  const bytes = Buffer.from(`>${name}<`)
  return book.find(bytes, 1, bytes.length - 1)
}

test('a topic is found under its name, whatever else was found before', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })), (names) => {
      const book = new TopicBook(json(), brokerLimits)
      for (const name of [...names, ...names]) expect(find(book, name).name).toBe(name)
    }),
  )
})

test('a topic found again is the same, with what was noted about it', () => {
  const book = new TopicBook(json(), brokerLimits)
  const first = find(book, 'v1/press-7/temperature')
  first.admittedDevice = 'press-7'
  expect(find(book, 'v1/press-7/temperature')).toBe(first)
  expect(find(book, 'v1/press-8/temperature')).not.toBe(first)
})

test('topics whose hashes are equal are not taken for each other', () => {
  const book = new TopicBook(json(), brokerLimits)
  // FNV-1a in 32 bits makes the same of these two.
  const [one, other] = [find(book, 'costarring'), find(book, 'liquid')]
  expect(one.hash).toBe(other.hash)
  expect([find(book, 'costarring').name, find(book, 'liquid').name]).toEqual(['costarring', 'liquid'])
})

test('it says what is wrong with a name', () => {
  const book = new TopicBook(json(), brokerLimits)
  expect(find(book, 'v1/press-7')).toMatchObject({ fault: undefined, isName: true })
  for (const name of ['v1/+', '', 'v1/\0']) expect(find(book, name)).toMatchObject({ isName: false })
  expect(find(book, '$SYS/x').fault?.message).toContain('starts with "$"')
  const torn = Buffer.from([0x61, 0xff])
  expect(book.find(torn, 0, 2)).toMatchObject({ name: 'a\ufffd', isName: false })
  expect(book.find(torn, 0, 2).fault?.message).toContain('invalid UTF-8')
})

test('a topic that is too long is refused each time, and not remembered', () => {
  const book = new TopicBook(json(), brokerLimits)
  const long = 'x'.repeat(brokerLimits.topicBytes + 1)
  const first = find(book, long)
  expect(first.fault?.message).toMatch(/bytes/)
  expect(find(book, long)).not.toBe(first)
})
