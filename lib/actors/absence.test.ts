import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { absence } from '../processors/absence.ts'
import { type VirtualClock, virtualClock } from '../testing/virtual-clock.ts'
import { hours, minutes, seconds } from '../time/duration.ts'
import type { Behavior } from './behavior.ts'
import { noon, processOn, type Step, seenIn } from './residents/sleeping-process.fixture.ts'

/** Nothing here has a timer in event time: only the absence itself is waited for. */
const present: Behavior<Step, unknown> = (steps, actor) =>
  steps.pipe(
    actor.durable('presence', absence({ warmUp: minutes(1) })),
    map(({ phase, time, since }) => ({ status: phase, value: Math.round((time - since) / 1_000) })),
  )

const common = { behavior: present, idleAfter: minutes(5), closeAfter: hours(24), pace: { commitSpacing: 0 } }

type Running = ReturnType<typeof processOn>

/** Each comes every 30 s, for two minutes. */
async function come(run: Running, clock: VirtualClock, ...who: string[]): Promise<void> {
  for (let round = 0; round < 5; round++) {
    if (round > 0) clock.advance(seconds(30))
    await run.walk(...who)
  }
}

/** Lets wall time pass, with the commits on the way. */
async function pass(run: Running, clock: VirtualClock, time: number): Promise<void> {
  for (let left = time; left > 0; left -= seconds(30)) {
    clock.advance(Math.min(left, seconds(30)))
    await run.flushed()
  }
}

describe('an absence', () => {
  it('is told after the silence, once, and ends with the next event', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const run = processOn(folder, clock, common)
    await come(run, clock, 'ann')
    await pass(run, clock, seconds(299))
    expect(run.actors.outcomes).toHaveLength(0)
    await pass(run, clock, seconds(3))
    expect(run.actors.outcomes).toHaveLength(1)
    clock.advance(hours(25))
    await run.walk('ann')
    await run.stop()
    expect(await seenIn(folder)).toEqual({
      ann: [expect.stringMatching(/^ann absent 30[01]$/), `ann returned ${25 * 3_600 + 302}`],
    })
  })

  it('is told of actors that sleep on the disk', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const run = processOn(folder, clock, {
      ...common,
      resident: 1,
      pace: { commitSpacing: 0, checkpointAfter: 0 },
    })
    await come(run, clock, 'ann', 'bob', 'cas')
    await pass(run, clock, minutes(6))
    await run.walk('bob')
    await run.stop()
    const seen = await seenIn(folder)
    for (const who of ['ann', 'bob', 'cas']) expect(seen[who]![0]).toMatch(/absent 30[0-2]$/)
    expect(Object.values(seen).flat()).toHaveLength(4)
    expect(seen['bob']![1]).toBe('bob returned 360')
  })

  it.each([
    ['saved', 0],
    ['only in the journal', hours(9)],
  ])('lasts over a crash, %s, and is not told twice', async (_where, checkpointAfter) => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const begin = () => processOn(folder, clock, { ...common, pace: { commitSpacing: 0, checkpointAfter } })
    let run = begin()
    await come(run, clock, 'ann')
    await pass(run, clock, minutes(6))
    await run.die()
    clock.advance(minutes(60))
    run = begin()
    await run.flushed()
    await pass(run, clock, minutes(6))
    await run.walk('ann')
    await run.stop()
    expect(await seenIn(folder)).toEqual({
      ann: [expect.stringMatching(/^ann absent 30[01]$/), `ann returned ${72 * 60}`],
    })
  })

  it.each([
    ['saved', 0],
    ['only in the journal', hours(9)],
  ])('is none of those who could not be heard, because nothing was taken: %s', async (_where, age) => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const begin = () =>
      processOn(folder, clock, { ...common, pace: { commitSpacing: 0, checkpointAfter: age } })
    let run = begin()
    await come(run, clock, 'ann', 'bob')
    await run.die()
    clock.advance(minutes(60))
    run = begin()
    await run.flushed()
    await pass(run, clock, minutes(3))
    await run.walk('ann')
    await pass(run, clock, minutes(1))
    await run.walk('ann')
    await pass(run, clock, minutes(3))
    await run.stop()
    const seen = await seenIn(folder)
    // Bob did not come back. He is told of with when he was last heard.
    expect(seen).toEqual({ bob: [expect.stringMatching(/^bob absent 390[0-2]$/)] })
  })

  it.each([
    ['in memory', 50_000],
    ['asleep', 1],
  ])(
    'is none because the time of day was set forward, and is told in time after that: %s',
    async (_where, resident) => {
      const folder = temporaryFolder()
      const clock = virtualClock(noon)
      const pace = { commitSpacing: 0, checkpointAfter: 0 }
      const run = processOn(folder, clock, { ...common, resident, pace })
      await come(run, clock, 'ann', 'bob')
      clock.set(clock.now() + hours(3))
      await pass(run, clock, seconds(30))
      await run.walk('ann')
      await pass(run, clock, seconds(265))
      expect(run.actors.outcomes).toHaveLength(0)
      await pass(run, clock, seconds(30))
      await run.stop()
      expect(Object.keys(await seenIn(folder))).toEqual(['bob'])
    },
  )
})
