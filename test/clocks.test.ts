import { expect, test } from 'vitest'
import { minutes, seconds } from '../lib/time/duration.ts'
import { proveClocks } from './faults/clocks/prove-clocks.ts'

test('history after an outage is not late, and a bad clock is the trouble of its device alone', async () => {
  const { isRight, proof } = await proveClocks({ outage: minutes(2), cutOff: 10, measured: seconds(4) })
  expect(proof).toMatchObject({
    backlog_readings: 10 * 120 * 4,
    backlog_in_event_time_percent: 100,
    wrong_minutes: 0,
    late_of_others: 0,
    late_afterwards: 0,
    not_set_aside: 0,
    late_of_the_one_stepping_back: 2 * 4,
    quarantined: (2 * 5 * 4 + 5) * 2,
  })
  expect(isRight).toBe(true)
  expect(proof.longest_wait_for_bad_clocks_ms).toBeLessThan(1_000)
})
