import { filter } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { counter } from '../../../test/support/counter.ts'
import { RecordingStore } from '../../../test/support/recording-store.ts'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { decodeActorRow } from '../../state/rows/actor-row.ts'
import type { Behavior } from '../behavior.ts'

interface Tick {
  readonly time: number
}

/** Counts the ticks at even times. */
const counting: Behavior<Tick, number> = (ticks, actor) =>
  ticks.pipe(
    filter(({ time }) => time % 2 === 0),
    actor.durable('count', counter()),
  )

function ticking(behavior: Behavior<Tick, number> = counting) {
  const store = new RecordingStore(lmdbStore(temporaryFolder()))
  const pace = { commitSpacing: 0, checkpointAfter: 0 }
  const stage = runActors<Tick, number>({ key: () => 'ann', behavior, store, pace })
  /** Steps of the rows in the checkpoint that follows this tick, undefined for the own row of an actor. */
  const saved = async (time: number): Promise<readonly (string | undefined)[]> => {
    const before = store.checkpoints.length
    await stage.send({ time })
    await expect.poll(() => store.checkpoints.length).toBeGreaterThan(before)
    return store.checkpoints.slice(before).flatMap(({ states }) => states.map(({ step }) => step))
  }
  return { ...stage, store, saved }
}

describe('the own row of an actor', () => {
  it('is saved with its states, in front of them, and alone when none has changed', async () => {
    const { saved, stop, store } = ticking()
    expect(await saved(0)).toEqual([undefined, 'count'])
    expect(await saved(1)).toEqual([undefined])
    expect(await saved(2)).toEqual([undefined, 'count'])
    await stop()
    const { progress, states } = store.readActor('actors', 'ann')
    expect(decodeActorRow(progress!)).toMatchObject({ position: 3, silence: 'none' })
    expect(states).toHaveLength(1)
    await store.close()
  })

  it('is not there when nothing is kept of it', async () => {
    const { saved, stop, store } = ticking()
    expect(await saved(1)).toEqual([])
    expect(await saved(3)).toEqual([])
    await stop()
    expect([...store.actors('actors')]).toEqual([])
    await store.close()
  })

  it('is not there when its only turn failed', async () => {
    const { saved, stop, store, outcomes } = ticking((ticks, actor) =>
      counting(ticks, actor).pipe(
        filter(() => {
          throw new Error('never again')
        }),
      ),
    )
    expect(await saved(0)).toEqual([])
    await stop()
    expect(outcomes.flatMap(({ asides }) => asides.map(({ tag }) => tag))).toEqual(['dead'])
    expect([...store.actors('actors')]).toEqual([])
    await store.close()
  })
})
