import { describe, expect, it } from 'vitest'
import { runActors } from '../../test/support/running-actors.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { tumbling } from '../processors/tumbling.ts'
import { watermarks } from '../processors/watermarks.ts'
import { type WindowResult, window } from '../processors/window.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { count } from '../statistics/count.ts'
import { virtualClock } from '../testing/virtual-clock.ts'
import { hours, minutes, seconds } from '../time/duration.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import type { Behavior } from './behavior.ts'
import { Delivery } from './delivery.ts'

interface Step {
  readonly who: string
  readonly time: number
}

const day = Date.UTC(2026, 0, 5)

const hourly: Behavior<Step, WindowResult<number>> = (steps, actor) =>
  steps.pipe(
    actor.durable('time', watermarks<Step, unknown>(boundedOutOfOrderness(0))),
    actor.durable('hour', window(tumbling(hours(1)), count())),
  )

/** Sends at noon; wall time passes only when `pass` says so. */
async function atNoon(...who: string[]) {
  const clock = virtualClock(day + hours(12))
  const store = lmdbStore(temporaryFolder())
  const { source, outcomes } = runActors({
    key: (step: Step) => step.who,
    behavior: hourly,
    store,
    clock,
    idleAfter: minutes(1),
    closeAfter: hours(24),
  })
  const walk = (...walkers: string[]): void => {
    for (const walker of walkers) source.next(new Delivery([{ who: walker, time: clock.now() }]))
  }
  walk(...who)
  const results = (): string[] =>
    outcomes.flatMap(({ key, values }) => values.map(({ status, value }) => `${key} ${status} ${value}`))
  return { clock, walk, results }
}

describe('silence', () => {
  it('gives what is pending as a provisional result, once', async () => {
    const { clock, results } = await atNoon('ann')
    clock.advance(seconds(59))
    expect(results()).toEqual([])
    clock.advance(seconds(3))
    expect(results()).toEqual(['ann provisional 1'])
    clock.advance(hours(3))
    expect(results()).toEqual(['ann provisional 1'])
  })

  it('gives it again when the next silence has something new', async () => {
    const { clock, walk, results } = await atNoon('ann')
    clock.advance(minutes(2))
    walk('ann')
    clock.advance(minutes(2))
    expect(results()).toEqual(['ann provisional 1', 'ann provisional 2'])
  })

  it('closes what is open when it has lasted long enough', async () => {
    const { clock, results } = await atNoon('ann')
    clock.advance(hours(24) + seconds(2))
    expect(results()).toEqual(['ann provisional 1', 'ann final 1'])
  })

  it('is not a tick for an actor with nothing pending', async () => {
    const { clock, walk, results } = await atNoon('ann')
    clock.advance(hours(25))
    const before = results().length
    clock.advance(hours(25))
    walk()
    expect(results()).toHaveLength(before)
  })

  it('of very many actors at once is ticked a few at a time', async () => {
    const walkers = Array.from({ length: 1_200 }, (_, index) => `w${index}`)
    const { clock, results } = await atNoon(...walkers)
    clock.advance(minutes(1))
    clock.advance(seconds(1))
    const afterOneSweep = results().length
    expect(afterOneSweep).toBeGreaterThan(0)
    expect(afterOneSweep).toBeLessThan(1_200)
    clock.advance(seconds(3))
    expect(results()).toHaveLength(1_200)
  })
})
