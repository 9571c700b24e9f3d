import { describe, expect, test } from 'vitest'
import { randomFrom } from '../statistics/random.ts'
import { noise, run, samplesOf } from './deviation-run.fixture.ts'

describe('what makes an episode', () => {
  const steady = { persistence: 8, extreme: 6, warmUp: 50, calm: { sigmas: 2, count: 3 } }

  test('a single value beyond two standard deviations is none, an extreme one is', () => {
    expect(run(samplesOf([...noise(200), 23.5, ...noise(20, 2)]), steady).found).toEqual([])
    expect(run(samplesOf([...noise(200), 32, ...noise(20, 2)]), steady).confirmed[0]).toMatchObject({
      time: 201_000,
    })
  })

  test('a sustained departure is one episode, from its first value until it is calm again', () => {
    const values = [...noise(300), ...noise(60, 2).map((value) => value + 4.5), ...noise(60, 3)]
    const { confirmed } = run(samplesOf(values), steady)
    expect(confirmed.map(({ phase }) => phase).filter((phase) => phase !== 'updated')).toEqual([
      'opened',
      'closed',
    ])
    expect(confirmed[0]).toMatchObject({ since: 301_000 })
    expect(confirmed[0]!.time).toBeLessThan(320_000)
    expect(confirmed.at(-1)!.time).toBeGreaterThan(360_000)
  })

  test('a signal that remembers itself must depart for longer than one that does not', () => {
    const random = randomFrom(4)
    let last = 0
    const sluggish = Array.from({ length: 3_000 }, () => {
      last = 0.9 * last + Math.sqrt(0.19) * random.normal()
      return 20 + last
    })
    const opened = (healthy: number[]) =>
      run(samplesOf([...healthy, ...healthy.slice(0, 300).map((value) => value + 4)]), steady).confirmed[0]!
    expect(run(samplesOf(sluggish), { ...steady, persistence: 12 }).found).toEqual([])
    expect(opened(noise(3_000)).time).toBeLessThan(3_009_000)
    expect(opened(sluggish).time).toBeGreaterThan(3_015_000)
  })

  test('an episode that gets twice as bad is updated, not more often than asked', () => {
    const growing = Array.from({ length: 100 }, (_, index) => 28 + index * 2)
    const { confirmed } = run(samplesOf([...noise(200), ...growing]), { ...steady, updateEvery: 30_000 })
    const updates = confirmed.filter(({ phase }) => phase === 'updated')
    expect(updates.length).toBeGreaterThan(1)
    for (const [index, { time, score }] of updates.entries()) {
      const before = updates[index - 1] ?? confirmed[0]!
      expect(time - before.time).toBeGreaterThanOrEqual(30_000)
      expect(score).toBeGreaterThanOrEqual(2 * before.score)
    }
  })

  test('the baseline rests while an episode is open', () => {
    const { state } = run(samplesOf([...noise(200), ...noise(100, 2).map((value) => value + 9)]), steady)
    expect(state.baseline.count).toBeLessThan(204)
    expect(state.learning).not.toBeNull()
  })

  test('a departure that outlasts relearnAfter becomes the new baseline', () => {
    const shifted = noise(600, 2).map((value) => value + 50)
    const options = { ...steady, relearnAfter: 120_000 }
    const { confirmed, state } = run(samplesOf([...noise(200), ...shifted]), options)
    expect(confirmed.map(({ phase }) => phase).filter((phase) => phase !== 'updated')).toEqual([
      'opened',
      'closed',
    ])
    expect(confirmed.at(-1)!.time).toBe(321_000)
    expect(state.baseline.mean).toBeCloseTo(70, 0)
  })
})
