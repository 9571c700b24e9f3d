import fc from 'fast-check'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { perKey } from '../../processors/per-key.ts'
import { virtualClock } from '../../testing/virtual-clock.ts'
import { seconds } from '../../time/duration.ts'
import type { Behavior } from '../behavior.ts'
import { noon, processOn, type Step, seenIn } from './sleeping-process.fixture.ts'

/** Counts the steps of each of three feet: a turn changes one row of three. */
const counting: Behavior<Step, unknown> = (steps, actor) =>
  steps.pipe(
    actor.durable(
      'feet',
      perKey(({ time }) => `foot ${time % 3}`, counter()),
    ),
    map((value) => ({ status: 'steps', value })),
  )

describe('an actor that left memory before it was saved', () => {
  const event = fc.record({
    who: fc.constantFrom('ann', 'bob', 'cas'),
    pass: fc.integer({ min: 0, max: 12 }),
    crash: fc.constantFrom(false, false, false, true),
  })

  async function live(
    events: readonly { who: string; pass: number; crash: boolean }[],
    resident: number,
  ): Promise<Record<string, string[]>> {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const options = { resident, behavior: counting, pace: { commitSpacing: 0 } }
    const begin = () => processOn(folder, clock, options)
    let run = begin()
    for (const { who, pass, crash } of events) {
      clock.advance(seconds(pass) + pass)
      await run.walk(who)
      if (!crash) continue
      await run.die()
      run = begin()
    }
    await run.stop()
    return seenIn(folder)
  }

  it('goes on as if it had stayed, whether it was saved by then or not, through crashes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 24 }), async (events) => {
        expect(await live(events, 1)).toEqual(await live(events, 100))
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('is made from the rows that memory kept, while the disk has none', async () => {
    const folder = temporaryFolder()
    const walkers = ['ann', 'bob', 'cas']
    let built = 0
    const behavior: Behavior<Step, unknown> = (steps, actor) => {
      built++
      return counting(steps, actor)
    }
    const options = { resident: 2, behavior, pace: { commitSpacing: 0 } }
    const run = processOn(folder, virtualClock(noon), options)
    for (let round = 0; round < 4; round++) for (const who of walkers) await run.walk(who)
    expect(built).toBeGreaterThan(6)
    expect(walkers.flatMap((who) => run.store.readActor('actors', who).states)).toEqual([])
    await run.stop()
    const seen = (who: string): string[] => [1, 2, 3, 4].map((steps) => `${who} steps ${steps}`)
    expect(await seenIn(folder)).toEqual({ ann: seen('ann'), bob: seen('bob'), cas: seen('cas') })
  })
})
