import { describe, expect, it } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { tumbling } from '../../processors/tumbling.ts'
import { watermarks } from '../../processors/watermarks.ts'
import { type WindowResult, window } from '../../processors/window.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { count } from '../../statistics/count.ts'
import { type VirtualClock, virtualClock } from '../../testing/virtual-clock.ts'
import { type Duration, hours, minutes, seconds } from '../../time/duration.ts'
import type { Processor } from '../../time/processor.ts'
import { boundedOutOfOrderness } from '../../time/watermark-policy.ts'
import type { Behavior } from '../behavior.ts'
import type { Pace } from '../commit/pace.ts'
import { Delivery } from '../delivery.ts'

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

/** Rings at every tick, and has something pending only for who is waiting. */
const bell: Processor<Step, string, { due: number }> = {
  create: () => ({ due: Number.POSITIVE_INFINITY }),
  onEvent(state, { who, time }) {
    if (who === 'waiting') state.due = time + hours(1)
  },
  due: ({ due }) => due,
  onTime() {},
  onIdle(_state, out) {
    out.emit('rings')
  },
}

/** A clock that calls nobody between `stop` and `goOn`, as when the process is stopped. */
const stoppable = (clock: VirtualClock) => {
  let isStopped = false
  const missed: (() => void)[] = []
  return {
    stop: () => {
      isStopped = true
    },
    goOn: () => {
      isStopped = false
      for (const work of missed.splice(0)) work()
    },
    now: clock.now,
    monotonic: clock.monotonic,
    after: (delay: Duration, work: () => void) =>
      clock.after(delay, () => (isStopped ? void missed.push(work) : work())),
  }
}

/** Sends at noon; wall time passes only when `pass` says so. */
const atNoon = (...who: string[]) => atNoonWith({ idleAfter: minutes(1), closeAfter: hours(24) }, ...who)

async function atNoonWith(times: { idleAfter: Duration; closeAfter: Duration }, ...who: string[]) {
  const clock = virtualClock(day + hours(12))
  const process = stoppable(clock)
  const store = lmdbStore(temporaryFolder())
  const { source, outcomes } = runActors({
    key: (step: Step) => step.who,
    behavior: hourly,
    store,
    clock: process,
    ...times,
    ticksPerSecond: 500,
  })
  const walk = (...walkers: string[]): void => {
    for (const walker of walkers) source.next(new Delivery([{ who: walker, time: clock.now() }]))
  }
  walk(...who)
  const results = (): string[] =>
    outcomes.flatMap(({ key, values }) => values.map(({ status, value }) => `${key} ${status} ${value}`))
  return { clock, process, walk, results }
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

  it('is closed in time when that is to be sooner than it would be idle', async () => {
    const { clock, results } = await atNoonWith({ idleAfter: minutes(10), closeAfter: minutes(1) }, 'ann')
    clock.advance(seconds(59))
    expect(results()).toEqual([])
    clock.advance(seconds(3))
    expect(results()).toEqual(['ann provisional 1', 'ann final 1'])
  })

  it('is nobody’s who was only not read yet, when the process was stopped and goes on', async () => {
    const { clock, process, walk, results } = await atNoon('ann', 'bob')
    process.stop()
    clock.advance(minutes(3))
    process.goOn()
    walk('ann')
    clock.advance(seconds(1))
    expect(results()).toEqual(['bob provisional 1'])
    clock.advance(seconds(61))
    expect(results()).toEqual(['bob provisional 1', 'ann provisional 2'])
  })

  it.each([
    ['back', -hours(2)],
    ['forward', hours(2)],
  ])('lasts for as long as it lasts, though the time of day is set %s', async (_how, by) => {
    const { clock, results } = await atNoon('ann')
    clock.advance(seconds(10))
    clock.set(clock.now() + by)
    clock.advance(seconds(48))
    expect(results()).toEqual([])
    clock.advance(seconds(13))
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

  it('is not a tick for an actor with nothing pending', () => {
    const clock = virtualClock(day + hours(12))
    const behavior: Behavior<Step, string> = (steps, actor) => steps.pipe(actor.durable('bell', bell))
    const store = lmdbStore(temporaryFolder())
    const { source, outcomes } = runActors({ key: ({ who }) => who, behavior, store, clock })
    for (const who of ['ann', 'waiting', 'bob']) source.next(new Delivery([{ who, time: clock.now() }]))
    clock.advance(hours(25))
    expect(outcomes.map(({ key, values }) => `${key} ${values}`)).toEqual(['waiting rings', 'waiting rings'])
  })

  it('of very many actors at once is ticked a few at a time', async () => {
    const walkers = Array.from({ length: 1_200 }, (_, index) => `w${index}`)
    const { clock, results } = await atNoon(...walkers)
    clock.advance(minutes(1))
    clock.advance(seconds(1))
    const afterOneSecond = results().length
    expect(afterOneSecond).toBeGreaterThan(400)
    expect(afterOneSecond).toBeLessThan(600)
    clock.advance(seconds(3))
    expect(results()).toHaveLength(1_200)
  })
})

describe('silence over a restart', () => {
  /** Runs one process on `folder`: each commit has all the real time it needs, and wall time stands still. */
  const processOn = (folder: string, clock: VirtualClock, pace: Partial<Pace>) => {
    const store = lmdbStore(folder)
    const options = { key: ({ who }: Step) => who, behavior: hourly, store, clock, pace }
    const actors = runActors({ ...options, idleAfter: minutes(1), closeAfter: hours(24) })
    const walk = async (...walkers: string[]): Promise<void> => {
      const taken = actors.send(...walkers.map((who) => ({ who, time: clock.now() })))
      clock.advance(0)
      await taken
    }
    const results = (): string[] =>
      actors.outcomes.flatMap(({ key, values }) =>
        values.map(({ status, value }) => `${key} ${status} ${value}`),
      )
    return { walk, results, crash: () => store.close() }
  }

  it('is counted from the last event before it, though the journal has nothing that is not saved', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(day + hours(12))
    const before = processOn(folder, clock, { commitSpacing: 0, checkpointAfter: 0 })
    await before.walk('ann')
    await before.crash()

    clock.advance(seconds(30))
    const after = processOn(folder, clock, {})
    clock.advance(seconds(28))
    expect(after.results()).toEqual([])
    clock.advance(seconds(4))
    expect(after.results()).toEqual(['ann provisional 1'])
    await after.crash()
  })

  it('is no tick for an actor that has not been given all of the journal yet', async () => {
    const folder = temporaryFolder()
    const clock = virtualClock(day + hours(12))
    const before = processOn(folder, clock, { commitSpacing: 0, checkpointAfter: hours(1) })
    for (let row = 0; row < 20; row++) await before.walk('ann')
    await before.crash()

    // Down for two minutes, and then so slow that the replay is a few rows into the journal after a second.
    clock.advance(minutes(2))
    const slow = {
      ...clock,
      after: (delay: Duration, work: () => void) => clock.after(delay || seconds(0.4), work),
    }
    const after = processOn(folder, slow, { checkpointAfter: hours(1) })
    clock.advance(seconds(10))
    expect(after.results()).toEqual(['ann provisional 20'])
    await after.crash()
  })
})
