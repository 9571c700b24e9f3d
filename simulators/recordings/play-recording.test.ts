import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { seconds } from '../../lib/time/duration.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { type Played, playRecording } from './play-recording.ts'
import type { RecordedLine } from './recorded-line.ts'
import type { RecordedPublish } from './recorded-publish.ts'
import type { RecordingTarget } from './recording-target.ts'

const noon = Date.UTC(2026, 0, 5, 12)

const lineAt = (second: number, metrics: readonly string[] = ['value']): RecordedLine => ({
  file: 'a.csv',
  line: second + 2,
  bytes: 10 * (second + 1),
  readings: metrics.map((metric) => ({ device: 'd', metric, value: second, time: noon + seconds(second) })),
  faults: [],
})
const bad: RecordedLine = { file: 'a.csv', line: 9, bytes: 90, readings: [], faults: ['it is bad'] }

async function* recording(...lines: readonly RecordedLine[]): AsyncGenerator<RecordedLine> {
  yield* lines
}

class Sent implements RecordingTarget {
  acknowledged = 0
  readonly reconnects = 0
  readonly publishes: RecordedPublish[] = []
  send(publish: RecordedPublish): undefined {
    this.publishes.push(publish)
    this.acknowledged++
  }
  async settled(): Promise<void> {}
  async close(): Promise<void> {}
}

test('a line is one publish of all its metrics, with its time, as its device would have sent it', async () => {
  const target = new Sent()
  const faults: number[] = []
  const lines = recording(lineAt(0, ['temperature', 'a "b"', '__proto__']), bad, lineAt(1, ['ts', 'time']))
  const played = await playRecording(lines, target, {
    clock: systemClock,
    onFault: ({ line }) => faults.push(line),
  })
  expect(target.publishes).toEqual([
    {
      topic: 'v1/d',
      payload: '{"ts":"2026-01-05T12:00:00.000Z","temperature":0,"a \\"b\\"":0,"__proto__":0}',
    },
    { topic: 'v1/d', payload: '{"ts":"2026-01-05T12:00:01.000Z","time":1}' },
    { topic: 'v1/d/ts', payload: '{"ts":"2026-01-05T12:00:01.000Z","value":1}' },
  ])
  expect(faults).toEqual([9])
  expect(played).toMatchObject({ lines: 3, badLines: 1, readings: 5, publishes: 3, acknowledged: 3 })
  expect(played).toMatchObject({ time: noon + seconds(1), bytes: 20 })
})

test('at a speed of 60 a minute passes in a second, and what came late does not wait', async () => {
  const clock = virtualClock(1_000_000)
  const target = new Sent()
  const reports: Played[] = []
  const played = playRecording(recording(lineAt(0), lineAt(60), lineAt(30), lineAt(180)), target, {
    clock,
    speed: 60,
    progressEvery: seconds(0.5),
    onProgress: (reached) => reports.push(reached),
  })
  const sentAt: number[] = []
  for (let half = 0; half <= 6; half++) {
    for (let turns = 0; turns < 20; turns++) await setImmediate()
    sentAt.push(target.publishes.length)
    clock.advance(seconds(0.5))
  }
  expect(sentAt).toEqual([1, 1, 3, 3, 3, 3, 4])
  expect((await played).publishes).toBe(4)
  expect(reports.length).toBeGreaterThan(3)
})

test('a signal ends it while it waits', async () => {
  const stop = new AbortController()
  const target = new Sent()
  const played = playRecording(recording(lineAt(0), lineAt(3_600)), target, {
    clock: virtualClock(),
    speed: 1,
    signal: stop.signal,
  })
  for (let turns = 0; turns < 20; turns++) await setImmediate()
  stop.abort()
  expect(await played).toMatchObject({ publishes: 1 })
})
