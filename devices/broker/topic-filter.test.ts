import { describe, expect, test } from 'vitest'
import { filterFault, matchesFilter } from './topic-filter.ts'

describe('a topic filter', () => {
  test.each([
    ['v1/+/status', 'v1/press-7/status', true],
    ['v1/+/status', 'v1//status', true],
    ['v1/+/status', 'v1/press-7/status/more', false],
    ['v1/+/status', 'v1/status', false],
    ['v1/#', 'v1/press-7/status', true],
    ['v1/#', 'v1', true],
    ['v1/#', 'v12', false],
    ['#', 'anything/at/all', true],
    ['#', '$SYS/uptime', false],
    ['+/uptime', '$SYS/uptime', false],
    ['v1/a', 'v1/a', true],
    ['v1/a', 'v1/A', false],
    ['/a', 'a', false],
  ])('%s and %s: %s', (filter, topic, takes) => {
    expect(matchesFilter(filter, topic)).toBe(takes)
  })

  test.each(['v1/+/status', '#', '+', 'v1/#', '/', 'v1//a'])('%s is one', (filter) => {
    expect(filterFault(filter)).toBeUndefined()
  })

  test.each(['', 'v1/#/a', 'v1/a#', 'v1/a+/b', '##'])('%j is none, which is said', (filter) => {
    expect(filterFault(filter)).toContain(`${JSON.stringify(filter)} is no topic filter`)
  })
})
