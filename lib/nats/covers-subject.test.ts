import { expect, test } from 'vitest'
import { coversSubject } from './covers-subject.ts'

test.each([
  ['alarm.>', 'alarm.>'],
  ['alarm.>', 'alarm.p1'],
  ['alarm.>', 'alarm.*.high'],
  ['>', 'alarm.>'],
  ['alarm.*', 'alarm.p1'],
  ['alarm.*', 'alarm.*'],
  ['alarm.*.>', 'alarm.p1.>'],
])('%s takes all of %s', (wide, narrow) => {
  expect(coversSubject(wide, narrow)).toBe(true)
})

test.each([
  ['alarm.p1', 'alarm.>'],
  ['alarm.*', 'alarm.>'],
  ['alarm.>', 'alarm'],
  ['alarm.>', '>'],
  ['alarm.p1', 'alarm.*'],
  ['alarm.*', 'alarm.p1.high'],
  ['alarm.*.>', 'alarm.>'],
  ['alarm.p1', 'dead.p1'],
])('%s does not take all of %s', (wide, narrow) => {
  expect(coversSubject(wide, narrow)).toBe(false)
})
