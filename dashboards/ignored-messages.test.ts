import { expect, test } from 'vitest'
import { virtualClock } from '../lib/testing/virtual-clock.ts'
import { minutes, seconds } from '../lib/time/duration.ts'
import { IgnoredMessages } from './ignored-messages.ts'

const counted = () => {
  const clock = virtualClock()
  const reports: string[] = []
  const ignored = new IgnoredMessages('anomalies', (line) => reports.push(line), clock)
  return { clock, reports, ignored }
}

test('a burst is one report, and what follows is reported once a minute with all so far', () => {
  const { clock, reports, ignored } = counted()
  for (let at = 0; at < 1_000; at++) ignored.add(`anomaly.${at}`)
  clock.advance(seconds(1))
  ignored.add('anomaly.x')
  clock.advance(minutes(10))
  expect(reports).toEqual([
    'ignored messages that are not anomalies: 1000, the newest on subject anomaly.999',
    'ignored messages that are not anomalies: 1001, the newest on subject anomaly.x',
  ])
})

test('a subject cannot command the terminal, and a long one is cut', () => {
  const { clock, reports, ignored } = counted()
  ignored.add(`anomaly.\u001b[2J${'x'.repeat(1_000)}`)
  clock.advance(seconds(1))
  expect(reports[0]).toMatch(/^ignored messages that are not anomalies: 1, .* anomaly\.\uFFFD\[2Jx{88}$/)
})

test('a closed feed reports nothing more', () => {
  const { clock, reports, ignored } = counted()
  ignored.add('anomaly.x')
  ignored.close()
  clock.advance(minutes(10))
  expect(reports).toEqual([])
  expect(clock.waiting).toBe(0)
})
