import { EMPTY, firstValueFrom } from 'rxjs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import { actors } from './actors.ts'
import type { ActorsOptions } from './actors-options.ts'

type Numbers = Partial<
  Pick<ActorsOptions<never, never>, 'resident' | 'ticksPerSecond' | 'idleAfter' | 'pace'>
>

const refusalOf = async (numbers: Numbers): Promise<unknown> => {
  const store = lmdbStore(temporaryFolder())
  const stage = EMPTY.pipe(actors({ key: () => 'one', behavior: (inbox) => inbox, store, ...numbers }))
  const refusal = await firstValueFrom(stage, { defaultValue: 'taken' }).catch((error: unknown) => error)
  await store.close()
  return refusal
}

test.each<[Numbers, string]>([
  [{ resident: -1 }, 'resident must be a whole number of actors, 0 or more, got -1'],
  [{ resident: 2.5 }, 'resident must be a whole number of actors, 0 or more, got 2.5'],
  [{ ticksPerSecond: 0 }, 'ticksPerSecond must be a whole number of actors, 1 or more, got 0'],
  [{ resident: Number.NaN }, 'got NaN'],
  [{ ticksPerSecond: Number.POSITIVE_INFINITY }, 'ticksPerSecond must be a whole number of actors'],
  [{ idleAfter: 0 }, 'idleAfter must be more than 0, got 0: give a duration like seconds(10)'],
  [{ pace: { checkpointAfter: -1 } }, 'pace.checkpointAfter must be 0 or more, got -1: give a duration'],
  [{ pace: { commitSpacing: Number.POSITIVE_INFINITY } }, 'pace.commitSpacing must be finite, got Infinity'],
  [{ pace: { smallBatch: Number.NaN } }, 'pace.smallBatch must be 1 or more, got NaN: give a number'],
])('%o is refused', async (numbers, words) => {
  const refusal = await refusalOf(numbers)
  expect(refusal).toBeInstanceOf(RangeError)
  expect((refusal as Error).message).toContain(words)
})

test('what never happens may be put off for ever', async () => {
  const never = Number.POSITIVE_INFINITY
  expect(await refusalOf({ idleAfter: never, pace: { checkpointAfter: never } })).toBe('taken')
})
