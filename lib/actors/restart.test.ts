import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runActors } from '../../test/support/running-actors.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { deviation } from '../processors/deviation.ts'
import { inParallel } from '../processors/in-parallel.ts'
import { perKey } from '../processors/per-key.ts'
import { tumbling } from '../processors/tumbling.ts'
import { watermarks } from '../processors/watermarks.ts'
import { window } from '../processors/window.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { mean } from '../statistics/mean.ts'
import { welford } from '../statistics/welford.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import type { Behavior } from './behavior.ts'

interface Sample {
  readonly who: string
  readonly what: string
  readonly value: number
  readonly time: number
}

const day = Date.UTC(2026, 0, 5)

const behavior: Behavior<Sample, unknown> = (samples, actor) =>
  samples.pipe(
    actor.durable('time', watermarks<Sample, unknown>(boundedOutOfOrderness(50))),
    actor.durable(
      'watch',
      perKey(
        ({ what }: Sample) => what,
        inParallel(deviation(welford(), { sigmas: 2, warmUp: 2 }), window(tumbling(100), mean())),
      ),
    ),
  )

const samples = fc.array(
  fc.record({
    who: fc.constantFrom('ann', 'bob', 'cas'),
    what: fc.constantFrom('heat', 'load'),
    value: fc.integer({ min: -9, max: 9 }),
    time: fc.integer({ min: 0, max: 2_000 }).map((offset) => day + offset),
  }),
  { minLength: 1, maxLength: 60 },
)

/** What came out of which actor, in order: runs of it may be cut by restarts anywhere. */
async function outputs(events: readonly Sample[], restartAt: ReadonlySet<number>): Promise<string[]> {
  const folder = temporaryFolder()
  const out: string[] = []
  let from = 0
  for (const end of [...restartAt].sort((a, b) => a - b).concat(events.length)) {
    const store = lmdbStore(folder)
    const { send, stop, outcomes } = runActors({
      key: ({ who }: Sample) => who,
      behavior,
      store,
      resident: 2,
      clock: { now: () => day + 1_000, monotonic: () => 0, after: (delay, work) => later(delay, work) },
      pace: { checkpointAfter: from % 2 === 0 ? 0 : 1e9 },
    })
    for (const event of events.slice(from, end)) await send(event)
    if (end === events.length) await stop()
    await store.close()
    for (const { key, values, asides } of outcomes) {
      for (const value of values) out.push(`${key} ${JSON.stringify(value)}`)
      for (const { tag, value } of asides) out.push(`${key} ${tag} ${JSON.stringify(value)}`)
    }
    from = end
  }
  return out
}

const later = (delay: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delay)
  return () => clearTimeout(timer)
}

describe('a restart', () => {
  it('changes nothing that comes out, wherever it happens and whatever was saved by then', async () => {
    await fc.assert(
      fc.asyncProperty(samples, fc.uniqueArray(fc.nat(59), { maxLength: 4 }), async (events, cuts) => {
        const restarts = new Set(cuts.filter((cut) => cut < events.length))
        expect(await outputs(events, restarts)).toEqual(await outputs(events, new Set()))
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
