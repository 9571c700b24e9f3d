import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Subscriptions } from './subscriptions.ts'
import { filterFault, matchesFilter } from './topic-filter.ts'

const one = { name: 'one' }
const other = { name: 'other' }

test('a subscriber with several filters that match is found once, with the highest QoS', () => {
  const subscriptions = new Subscriptions<object>()
  subscriptions.add(one, 'v1/#', 0)
  subscriptions.add(one, 'v1/+/m', 2)
  subscriptions.add(one, 'v1/p/m', 1)
  subscriptions.add(other, '#', 1)
  expect(subscriptions.matching('v1/p/m')).toEqual([
    { subscriber: other, qos: 1 },
    { subscriber: one, qos: 2 },
  ])
})

test('a filter that is given again has the new QoS, and is removed at once', () => {
  const subscriptions = new Subscriptions<object>()
  subscriptions.add(one, 'v1/#', 2)
  subscriptions.add(one, 'v1/#', 0)
  expect(subscriptions.matching('v1/p/m')).toEqual([{ subscriber: one, qos: 0 }])
  subscriptions.remove(one, 'v1/#')
  subscriptions.remove(one, 'v1/#')
  expect(subscriptions.matching('v1/p/m')).toEqual([])
  expect(subscriptions.isEmpty).toBe(true)
})

test('a subscriber that leaves takes all its filters with it', () => {
  const subscriptions = new Subscriptions<object>()
  for (const filter of ['#', 'v1/+/m', 'v1/p/m']) subscriptions.add(one, filter, 0)
  subscriptions.add(other, 'v1/p/m', 0)
  subscriptions.removeAll(one)
  expect(subscriptions.matching('v1/p/m')).toEqual([{ subscriber: other, qos: 0 }])
  subscriptions.removeAll(other)
  expect(subscriptions.isEmpty).toBe(true)
})

test('matches as MQTT 3.1.1 says, empty levels and the level above "#" included', () => {
  const levels = fc.array(fc.constantFrom('', 'a', 'b'), { minLength: 1, maxLength: 4 })
  const filters = fc.array(fc.constantFrom('', 'a', 'b', '+', '#'), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(levels, filters, (topicLevels, filterLevels) => {
      const topic = topicLevels.join('/')
      const filter = filterLevels.join('/')
      fc.pre(topic !== '' && filterFault(filter) === undefined)
      const subscriptions = new Subscriptions<object>()
      subscriptions.add(one, filter, 0)
      expect(subscriptions.matching(topic).length === 1, `${filter} ${topic}`).toBe(
        matchesFilter(filter, topic),
      )
    }),
    { numRuns: 2_000 },
  )
})
