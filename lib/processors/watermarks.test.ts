import { describe, expect, test } from 'vitest'
import { at, tagged, wallTime, watermark } from '../testing/notation.ts'
import { verifyProcessor } from '../testing/verify-processor.ts'
import { days, hours, minutes, seconds } from '../time/duration.ts'
import { quarantined } from '../time/output-tag.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { watermarks } from './watermarks.ts'

const now = Date.UTC(2026, 4, 1, 12)
const clock = () => watermarks(boundedOutOfOrderness(seconds(30)))

describe('watermarks', () => {
  test('emits each event and then moves the watermark behind the latest by the bound and 1 ms', () => {
    verifyProcessor(watermarks(boundedOutOfOrderness(5_000), { earliest: 0 }))
      .given([at(10_000, 'a'), at(12_000, 'b'), at(11_000, 'c')])
      .expect([at(10_000, 'a'), watermark(4_999), at(12_000, 'b'), watermark(6_999), at(11_000, 'c')])
  })

  test('passes an event on that is behind the watermark: it is for a later step to call it late', () => {
    verifyProcessor(clock())
      .given([at(now, 'a'), at(now - hours(1), 'b')])
      .expect([at(now, 'a'), watermark(now - 30_001), at(now - hours(1), 'b')])
  })

  test('takes the history that a source sends after an outage as it was', () => {
    const [first, second] = [at(now - days(400), 'a'), at(now - days(400) + 1, 'b')]
    verifyProcessor(clock())
      .given([wallTime(now), first, second])
      .expect([first, watermark(first.time - 30_001), second, watermark(second.time - 30_001)])
  })

  test('takes a clock that steps back as disorder, and its watermark stays', () => {
    verifyProcessor(clock())
      .given([at(now, 1), at(now - minutes(10), 2), at(now - minutes(10) + 1, 3), at(now + 1, 4)])
      .expect([
        at(now, 1),
        watermark(now - 30_001),
        at(now - minutes(10), 2),
        at(now - minutes(10) + 1, 3),
        at(now + 1, 4),
        watermark(now - 30_000),
      ])
  })

  test.each([
    {
      fault: 'a day ahead',
      time: now + days(1),
      reason: /^time \d+ \(2026-05-02T12.*86400000 ms ahead .*maxFutureSkew/,
    },
    { fault: '1 ms beyond the skew', time: now + minutes(5) + 1, reason: /300001 ms ahead of its arrival/ },
    { fault: 'nanoseconds', time: now * 1e6, reason: /^time \d+ is \d+ ms ahead/ },
    { fault: '1970', time: 12_345, reason: /^time 12345 \(1970-.* is before .*2001-01-01.*set the clock/ },
    { fault: '2000', time: 946_684_800_500, reason: /is before .*2001-01-01.*set the clock/ },
    { fault: 'NaN', time: Number.NaN, reason: /^time must be epoch milliseconds, got NaN/ },
    { fault: 'Infinity', time: Number.POSITIVE_INFINITY, reason: /got Infinity/ },
  ])(
    'quarantines a time of $fault, and what comes afterwards is as if it had not been',
    ({ time, reason }) => {
      const [before, bad, after] = [at(now - 5, 'a'), at(time, 'bad'), at(now, 'b')]
      verifyProcessor(clock())
        .given([wallTime(now), before, bad, after])
        .expect([
          before,
          watermark(now - 30_006),
          tagged(quarantined, bad, reason),
          after,
          watermark(now - 30_001),
        ])
    },
  )

  test('lets a time as far ahead as the skew allows move the watermark', () => {
    const ahead = at(now + minutes(5), 'a')
    verifyProcessor(clock())
      .given([wallTime(now), ahead])
      .expect([ahead, watermark(ahead.time - 30_001)])
  })

  test('quarantines what is older than maxPastSkew where one is given', () => {
    const old = at(now - hours(2), 'a')
    verifyProcessor(watermarks(boundedOutOfOrderness(0), { maxPastSkew: hours(1) }))
      .given([wallTime(now), old])
      .expect([tagged(quarantined, old, /7200000 ms behind its arrival, more than maxPastSkew/)])
  })

  test('refuses skews that are no lengths of time', () => {
    const policy = boundedOutOfOrderness(0)
    expect(() => watermarks(policy, { maxFutureSkew: -1 })).toThrow(
      'maxFutureSkew must be 0 ms or more, got -1',
    )
    expect(() => watermarks(policy, { maxPastSkew: Number.NaN })).toThrow('maxPastSkew must be 0 ms or more')
    expect(() => watermarks(policy, { earliest: Number.NaN })).toThrow('earliest must be epoch milliseconds')
  })
})
