import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { RecordingStore } from '../../../test/support/recording-store.ts'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { minutes, seconds } from '../../time/duration.ts'
import type { Behavior } from '../behavior.ts'
import { Delivery } from '../delivery.ts'
import { openFor, throwsBeforeOpen } from './breaker.ts'

interface Job {
  readonly time: number
  readonly bad: boolean
}

/** Counts, and throws behind the step that has already counted. */
const fragile: Behavior<Job, number> = (jobs, actor) => {
  let isBad = false
  return jobs.pipe(
    map((job) => {
      isBad = job.bad
      return job
    }),
    actor.durable('count', counter()),
    map((count) => {
      if (isBad) throw new Error('bad job')
      return count
    }),
  )
}

const good: Job = { time: 0, bad: false }
const bad: Job = { time: 0, bad: true }

function supervised(folder = temporaryFolder()) {
  let now = 0
  const store = lmdbStore(folder)
  const clock = {
    now: () => now,
    monotonic: () => now,
    after: (_delay: number, work: () => void) => {
      const soon = setImmediate(work)
      return () => clearImmediate(soon)
    },
  }
  const stage = runActors({
    key: () => 'pump',
    behavior: fragile,
    store,
    clock,
    pace: { checkpointAfter: 1e12 },
  })
  const counts = (): number[] => stage.outcomes.flatMap(({ values }) => values)
  const reasons = (): string[] => stage.outcomes.flatMap(({ asides }) => asides.map(({ reason }) => reason))
  const pass = (duration: number): void => {
    now += duration
  }
  return { ...stage, store, counts, reasons, pass }
}

describe('Supervision', () => {
  it('undoes the first turn that throws, from the disk and what is not on it yet', async () => {
    const { send, counts, stop } = supervised()
    await send(good, good)
    await send(good, bad, good)
    await stop()
    expect(counts()).toEqual([1, 2, 3, 4])
  })

  it('undoes it whether the state before is saved, being saved, or ahead of what is saved', async () => {
    const store = new RecordingStore(lmdbStore(temporaryFolder()))
    const { send, source, outcomes, stop } = runActors<Job, number>({
      key: ({ time }) => `pump ${time}`,
      behavior: fragile,
      store,
      pace: { checkpointAfter: 0, commitSpacing: 0 },
    })
    const at = (time: number, job: Job): Job => ({ ...job, time })
    await send(at(1, good), at(2, good), at(3, good))
    const commit = store.hold()
    const sent = send(at(2, good), at(3, good))
    await commit.begun
    source.next(new Delivery([at(3, good)]))
    source.next(new Delivery([1, 2, 3].flatMap((pump) => [at(pump, bad), at(pump, good)])))
    commit.release()
    await sent
    await stop()
    const counted = (key: string): number[] =>
      outcomes.filter((outcome) => outcome.key === key).flatMap(({ values }) => values)
    expect(counted('pump 1')).toEqual([1, 2])
    expect(counted('pump 2')).toEqual([1, 2, 3])
    expect(counted('pump 3')).toEqual([1, 2, 3, 4])
  })

  it('undoes every further one, from a copy', async () => {
    const { send, counts, reasons, stop } = supervised()
    await send(good, bad, bad, good, bad, good)
    await stop()
    expect(counts()).toEqual([1, 2, 3])
    expect(reasons()).toHaveLength(3)
  })

  it('saves what it went back to', async () => {
    const folder = temporaryFolder()
    const first = supervised(folder)
    await first.send(good, bad, good, bad, bad)
    await first.stop()
    await first.store.close()

    const second = supervised(folder)
    await second.send(good)
    await second.stop()
    expect(second.counts()).toEqual([3])
  })

  it('leaves a behavior alone that keeps throwing, for a while and counted', async () => {
    const { send, counts, reasons, pass, stop } = supervised()
    for (let time = 0; time < throwsBeforeOpen; time++) await send(bad)
    await send(good, good)
    expect(counts()).toEqual([])
    expect(reasons().at(-1)).toContain('number 2 refused')
    pass(openFor - seconds(1))
    await send(good)
    expect(counts()).toEqual([])
    pass(minutes(1))
    await send(good, good)
    await stop()
    expect(counts()).toEqual([1, 2])
  })

  it('tries one again that was left alone by a clock which has been set back since', async () => {
    const { send, counts, pass, stop } = supervised()
    pass(minutes(90))
    for (let time = 0; time < throwsBeforeOpen; time++) await send(bad)
    pass(-minutes(60))
    await send(good)
    await stop()
    expect(counts()).toEqual([1])
  })

  it('does not let a replay repeat what was refused', async () => {
    const folder = temporaryFolder()
    const first = supervised(folder)
    await first.send(good, bad, good)
    await first.store.close()

    const second = supervised(folder)
    await second.send(good)
    await second.stop()
    expect(second.counts()).toEqual([3])
  })
})
