import { describe, expect, test } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { inParallel } from '../../processors/in-parallel.ts'
import { perKey } from '../../processors/per-key.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { decodeStateRow } from '../../state/rows/state-row.ts'
import type { Processor } from '../../time/processor.ts'
import type { Behavior } from '../behavior.ts'

interface Coin {
  readonly time: number
  readonly who: string
  readonly cents: number
}

/** The sum, as version 1 keeps it. */
const sum1: Processor<Coin, number, { cents: number }> = {
  create: () => ({ cents: 0 }),
  onEvent(state, { cents }, out) {
    state.cents += cents
    out.emit(state.cents)
  },
}

/** The same in another shape, with the number of coins since then. */
const sum2: Processor<Coin, number, { total: number; coins: number }> = {
  version: 2,
  migrations: { 1: ({ cents }: { cents: number }) => ({ total: cents, coins: 0 }) },
  create: () => ({ total: 0, coins: 0 }),
  onEvent(state, { cents }, out) {
    if (cents < 0) throw new Error('not a coin')
    state.total += cents
    state.coins += 1
    out.emit(state.total)
  },
}

const saving =
  (processor: Processor<Coin, number>): Behavior<Coin, number> =>
  (coins, actor) =>
    coins.pipe(actor.durable('sum', processor))

const at = (cents: number, who = 'ann'): Coin => ({ time: 0, who, cents })

/** Runs actors on the store in `folder`, with what is given to it, and returns what came out. */
async function run(
  folder: string,
  behavior: Behavior<Coin, number>,
  coins: readonly Coin[],
  { settled = true, resident = 50_000 } = {},
): Promise<number[]> {
  const store = lmdbStore(folder)
  const stage = runActors({
    key: ({ who }: Coin) => who,
    behavior,
    store,
    resident,
    pace: { checkpointAfter: settled ? 0 : 1e9 },
  })
  try {
    for (const coin of coins) await Promise.race([stage.send(coin), stage.finished])
    if (settled) await stage.stop()
  } finally {
    stage.unsubscribe()
    await store.close()
  }
  return stage.outcomes.flatMap(({ values }) => values)
}

const savedRows = async (folder: string): Promise<Record<string, unknown>> => {
  const store = lmdbStore(folder)
  const rows = [...store.actors('actors')].flatMap(({ actor, states }) =>
    states.map(({ subkey, bytes }) => {
      const { version, state } = decodeStateRow(bytes, store.shapes)
      return [`${actor}${subkey && ` ${subkey}`}`, [version, state]]
    }),
  )
  await store.close()
  return Object.fromEntries(rows)
}

describe('a state of an older version', () => {
  test('is migrated when its actor is first touched, and only its row is rewritten', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(sum1), [at(5), at(7), at(1, 'bob')])
    expect(await run(folder, saving(sum2), [at(3)])).toEqual([15])
    expect(await savedRows(folder)).toEqual({
      ann: [2, { total: 15, coins: 1 }],
      bob: [1, { cents: 1 }],
    })
  })

  test('is migrated when a journal is replayed into it in the background', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(sum1), [at(5), at(1, 'bob')])
    // Left behind by version 2 itself, on a row of version 1.
    await run(folder, saving(sum2), [at(3)], { settled: false })
    expect((await savedRows(folder))['ann']).toEqual([1, { cents: 5 }])
    await run(folder, saving(sum2), [])
    expect((await savedRows(folder))['ann']).toEqual([2, { total: 8, coins: 1 }])
  })

  test('is migrated again when its actor goes back to it, because the behavior threw', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(sum1), [at(5)])
    expect(await run(folder, saving(sum2), [at(3), at(-1), at(2), at(-1), at(4)])).toEqual([8, 10, 14])
    expect(await savedRows(folder)).toEqual({ ann: [2, { total: 14, coins: 3 }] })
  })

  test('is migrated when its actor comes back from the disk', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(sum1), [at(5), at(1, 'bob')])
    const coins = [at(1), at(1, 'bob'), at(1), at(1, 'bob')]
    expect(await run(folder, saving(sum2), coins, { resident: 1 })).toEqual([6, 2, 7, 3])
  })

  test('is migrated sub-key by sub-key, each when it is saved next', async () => {
    const folder = temporaryFolder()
    const keyed = (each: Processor<Coin, number>): Behavior<Coin, number> =>
      saving(perKey(({ cents }: Coin) => (cents > 9 ? 'large' : 'small'), each) as Processor<Coin, number>)
    await run(folder, keyed(sum1), [at(5), at(20)])
    expect(await run(folder, keyed(sum2), [at(3)])).toEqual([8])
    expect(await savedRows(folder)).toEqual({
      'ann large': [1, { cents: 20 }],
      'ann small': [2, { total: 8, coins: 1 }],
    })
  })

  test('is migrated as a part of a composition, whose other parts stay as they are', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(inParallel(sum1, sum1)), [at(5)])
    expect(await run(folder, saving(inParallel(sum1, sum2)), [at(3)])).toEqual([8, 8])
    expect(await savedRows(folder)).toEqual({
      ann: [
        [1, 1, 2],
        [{ cents: 8 }, { total: 8, coins: 1 }],
      ],
    })
  })
})

describe('a state that cannot be migrated ends the stage, in words', () => {
  test.each([
    [
      'without a migration',
      { ...sum2, migrations: {} },
      /"sum" of actor "ann" .* without a migration from version 1/,
    ],
    ['in a composition of others', inParallel(sum1, sum1), /a composition of 1, and this is one of 2/],
    [
      'kept for each sub-key now',
      perKey(() => 'all', sum1),
      /saved as one state, and is kept for each sub-key/,
    ],
  ])('%s', async (_what, processor, words) => {
    const folder = temporaryFolder()
    await run(folder, saving(sum1), [at(5)])
    await expect(run(folder, saving(processor as Processor<Coin, number>), [at(3)])).rejects.toThrow(words)
    expect(await savedRows(folder)).toEqual({ ann: [1, { cents: 5 }] })
  })

  test('by an older program than the one that wrote it', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(sum2), [at(5)])
    await expect(run(folder, saving(sum1), [at(3)])).rejects.toThrow(
      /saved by version 2, and this is version 1: the program is older .*Run that one again, or restore a backup/,
    )
  })

  test('kept for each sub-key before', async () => {
    const folder = temporaryFolder()
    await run(folder, saving(perKey(() => 'all', sum1) as Processor<Coin, number>), [at(5)])
    await expect(run(folder, saving(sum1), [at(3)])).rejects.toThrow(/for each sub-key, such as "all"/)
  })
})

test('a journal of the older version is finished by that one before the states are migrated', async () => {
  const folder = temporaryFolder()
  await run(folder, saving(sum1), [at(5), at(7)], { settled: false })
  await expect(run(folder, saving(sum2), [at(3)])).rejects.toThrow(
    /left by another version .*sum v1; this one is version 1, steps sum v2.*tidemark drain/,
  )
  await run(folder, saving(sum1), [])
  expect(await run(folder, saving(sum2), [at(3)])).toEqual([15])
})
