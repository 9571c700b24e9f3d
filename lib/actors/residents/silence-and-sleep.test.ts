import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { virtualClock } from '../../testing/virtual-clock.ts'
import { type Duration, hours, seconds } from '../../time/duration.ts'
import { noon, processOn, seenIn } from './sleeping-process.fixture.ts'

type Event = 'walk' | 'pass' | 'stop' | 'kill' | 'lose'

describe('silence', () => {
  const grid = seconds(25)
  const event = fc.record({
    what: fc.constantFrom<Event>('walk', 'walk', 'pass', 'pass', 'pass', 'stop', 'kill', 'lose'),
    who: fc.constantFrom('ann', 'bob', 'cas', 'dan'),
    steps: fc.integer({ min: 1, max: 9 }),
    /** What is saved at once, in its turn while it is asleep, or never before a crash. */
    saved: fc.constantFrom(0, seconds(10), hours(9)),
  })

  /** Lives through `events`; `isCalm` leaves out what may make no difference. */
  async function live(
    events: readonly { what: Event; who: string; steps: number; saved: Duration }[],
    resident: number,
    isCalm: boolean,
  ): Promise<Record<string, string[]>> {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    let saved: Duration = 0
    const begin = () =>
      processOn(folder, clock, {
        resident,
        pace: { commitSpacing: 0, checkpointAfter: saved },
      })
    let run = begin()
    const pass = async (steps: number): Promise<void> => {
      for (let step = 0; step < steps; step++) {
        clock.advance(grid)
        await run.flushed()
        await run.flushed()
      }
    }
    for (const { what, who, steps, saved: next } of events) {
      if (what === 'walk') await run.walk(who)
      if (what === 'pass') await pass(steps)
      if (isCalm) {
        if (what === 'lose') {
          await run.walk(who)
          await pass(3)
          clock.advance(seconds(2))
        }
        continue
      }
      saved = next
      if (what === 'stop') {
        await run.stop()
        run = begin()
      } else if (what === 'kill') {
        await run.die()
        run = begin()
      } else if (what === 'lose') {
        // Nothing of this is on the disk at the crash, ticks included: the sender sends again.
        run.lose()
        void run.actors.send({ who, time: clock.now() }).catch(() => {})
        clock.advance(0)
        await run.die()
        run = begin()
        await run.walk(who)
        run.lose()
        clock.advance(grid * 3)
        await run.die()
        run = begin()
        // Replayed first, so that who was silent meanwhile is ticked where the other life had it.
        await run.flushed()
        clock.advance(seconds(2))
        await run.flushed()
      }
    }
    await pass(40)
    await run.stop()
    return seenIn(folder)
  }

  it('gives an actor the same ticks whether it stays in memory or sleeps, through stops and crashes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), async (events) => {
        expect(await live(events, 1, false)).toEqual(await live(events, 100, true))
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
