import { filter } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { openStoreReadOnly } from '../../state/lmdb-reader.ts'
import { virtualClock } from '../../testing/virtual-clock.ts'
import { hours, minutes, seconds } from '../../time/duration.ts'
import type { Behavior } from '../behavior.ts'
import {
  closeAfter,
  hourly,
  idleAfter,
  noon,
  processOn,
  type Step,
  seenIn,
} from './sleeping-process.fixture.ts'

describe('an actor asleep', () => {
  const sleeping = { resident: 1, pace: { commitSpacing: 0, checkpointAfter: hours(1) } }

  it('gets both ticks of its silence, and no other', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const run = processOn(folder, clock, sleeping)
    await run.walk('ann')
    await run.walk('bob')
    await run.walk('cas')
    for (let step = 0; step < 60; step++) {
      clock.advance(seconds(20))
      await run.flushed()
    }
    await run.stop()
    const both = (who: string): string[] => [`${who} provisional 1`, `${who} final 1`]
    expect(await seenIn(folder)).toEqual({ ann: both('ann'), bob: both('bob'), cas: both('cas') })
  })

  it('does not push out one that is not silent', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    let built = 0
    const counted: Behavior<Step, unknown> = (steps, actor) => {
      if (actor.key === 'busy') built++
      return hourly(steps, actor)
    }
    const run = processOn(folder, clock, { ...sleeping, resident: 2, behavior: counted })
    for (const who of ['ann', 'bob', 'cas', 'dan']) await run.walk(who)
    for (let step = 0; step < 20; step++) {
      await run.walk('busy')
      clock.advance(seconds(20))
    }
    await run.stop()
    expect((await seenIn(folder))['ann']).toEqual(['ann provisional 1'])
    expect(built).toBe(1)
  })

  it('is woken by the next process, though it was stopped in order and for long', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const first = processOn(folder, clock, sleeping)
    await first.walk('ann')
    await first.stop()
    clock.advance(seconds(30))
    const second = processOn(folder, clock, sleeping)
    clock.advance(seconds(28))
    await second.stop()
    expect(await seenIn(folder)).toEqual({})
    clock.advance(hours(1))
    const third = processOn(folder, clock, sleeping)
    clock.advance(seconds(2))
    await third.stop()
    expect(await seenIn(folder)).toEqual({ ann: ['ann provisional 1', 'ann final 1'] })
  })

  it('is woken when it would be by then, after the times were changed', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const first = processOn(folder, clock, sleeping)
    await first.walk('ann')
    await first.stop()
    const second = processOn(folder, clock, { ...sleeping, idleAfter: minutes(3) })
    clock.advance(minutes(2))
    await second.flushed()
    clock.advance(minutes(2))
    await second.stop()
    expect(await seenIn(folder)).toEqual({ ann: ['ann provisional 1'] })
    expect(dueIn(folder)).toEqual([{ time: noon + closeAfter, actor: 'ann' }])
  })

  it('of very many is woken among the others of its time, only so many a second', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const options = { resident: 100, ticksPerSecond: 100, pace: { commitSpacing: 0 } }
    const run = processOn(folder, clock, options)
    await run.walk(...Array.from({ length: 1_000 }, (_, index) => `w${index}`))
    clock.advance(minutes(1))
    let most = 0
    const outputs = (): number => run.actors.outcomes.length
    for (let second = 0; second < 12; second++) {
      const before = outputs()
      clock.advance(seconds(1))
      await run.flushed()
      most = Math.max(most, outputs() - before)
    }
    expect(most).toBeLessThanOrEqual(110)
    expect(outputs()).toBe(1_000)
    await run.die()
  })

  it('has one due row where its state says, and none when nothing is pending', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const run = processOn(folder, clock, sleeping)
    for (const who of ['ann', 'bob', 'ann', 'cas', 'ann']) {
      await run.walk(who)
      clock.advance(seconds(7))
    }
    await run.stop()
    expect(dueIn(folder)).toEqual([
      { time: noon + seconds(7) + idleAfter, actor: 'bob' },
      { time: noon + seconds(21) + idleAfter, actor: 'cas' },
      { time: noon + seconds(28) + idleAfter, actor: 'ann' },
    ])
    clock.advance(hours(1))
    const next = processOn(folder, clock, sleeping)
    clock.advance(seconds(2))
    await next.stop()
    expect(dueIn(folder)).toEqual([])
  })

  it('is due after its last event, though that changed no state', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const behavior: Behavior<Step, unknown> = (steps, actor) =>
      hourly(steps.pipe(unlessItIs(noon + seconds(30))), actor)
    const run = processOn(folder, clock, { ...sleeping, behavior })
    await run.walk('ann')
    await run.walk('bob')
    clock.advance(seconds(30))
    await run.walk('ann')
    await run.walk('bob')
    await run.stop()
    expect(dueIn(folder)[0]).toEqual({ time: noon + seconds(30) + idleAfter, actor: 'ann' })
    const next = processOn(folder, clock, sleeping)
    clock.advance(seconds(40))
    await next.flushed()
    clock.advance(seconds(30))
    await next.stop()
    expect((await seenIn(folder))['ann']).toEqual(['ann provisional 1'])
    expect(dueIn(folder)).toContainEqual({ time: noon + seconds(30) + closeAfter, actor: 'ann' })
  })

  it('leaves no due row behind when it is heard of after a tick', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(noon)
    const run = processOn(folder, clock, sleeping)
    await run.walk('ann')
    await run.walk('bob')
    clock.advance(minutes(2))
    await run.flushed()
    await run.walk('ann')
    await run.stop()
    expect(dueIn(folder)).toEqual([
      { time: noon + minutes(3), actor: 'ann' },
      { time: noon + closeAfter, actor: 'bob' },
    ])
  })
})

const unlessItIs = (moment: number) => filter<Step>(({ time }) => time !== moment)

function dueIn(folder: string): readonly { time: number; actor: string }[] {
  const store = openStoreReadOnly(folder)
  const due = store.readDue('actors', undefined, Number.POSITIVE_INFINITY, 1_000)
  void store.close()
  return due
}
