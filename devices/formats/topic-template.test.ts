import { expect, test } from 'vitest'
import { topicTemplate } from './topic-template.ts'

test('names are read from their levels', () => {
  expect(topicTemplate('v1/{device}/{metric}').match('v1/press-7/temperature')).toEqual({
    device: 'press-7',
    metric: 'temperature',
  })
  expect(topicTemplate('v1/{device}').match('v1/press-7')).toEqual({ device: 'press-7', metric: undefined })
  expect(topicTemplate('plant/{site}/{device}/data').match('plant/north/p1/data')).toEqual({
    device: 'p1',
    metric: undefined,
  })
})

test('a topic of another shape does not match', () => {
  const { match } = topicTemplate('v1/{device}/{metric}')
  for (const topic of [
    '',
    'v1',
    'v1/',
    'v1/a',
    'v1/a/',
    'v1//b',
    'v1/a/b/c',
    'v1/a/b/',
    'v2/a/b',
    'v11/a/b',
    '/v1/a/b',
  ])
    expect(match(topic), topic).toBeUndefined()
})

test('names that mean something to JavaScript are names like any other', () => {
  expect(topicTemplate('{device}/{metric}').match('__proto__/constructor')).toEqual({
    device: '__proto__',
    metric: 'constructor',
  })
})

test('a template without a device or with a wildcard is refused', () => {
  for (const template of ['', 'v1/{metric}', 'v1/device', 'v1/{device}/#', '+/{device}'])
    expect(() => topicTemplate(template), template).toThrow(RangeError)
})
