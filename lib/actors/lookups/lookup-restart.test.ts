import fc from 'fast-check'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import type { Processor } from '../../time/processor.ts'
import type { Behavior } from '../behavior.ts'

interface Sale {
  readonly who: string
  readonly number: number
  readonly time: number
}

interface Priced extends Sale {
  readonly price: number
}

/** Numbers the joined sales of one actor, so that a join too many or too few shows in its state. */
const ledger: Processor<Priced, string, { count: number }> = {
  create: () => ({ count: 0 }),
  onEvent(state, { who, number, price }, out) {
    if (price !== number * 10) throw new Error(`sale ${number} was given the price of another`)
    out.emit(`${who} ${++state.count}: ${number}`)
  },
}

type Ask = (sale: Sale) => Promise<number>

const behavior =
  (ask: Ask): Behavior<Sale, string> =>
  (sales, actor) =>
    sales.pipe(
      actor.lookup('price', { ask, join: (sale, price): Priced => ({ ...sale, price }), concurrency: 3 }),
      map((sale) => {
        if (sale.number % 7 === 6) throw new Error('unlucky')
        return sale
      }),
      actor.durable('ledger', ledger),
    )

/** What reaches the outbox when each process ends after its part of the sales, some of them unanswered. */
async function joined(parts: readonly (readonly Sale[])[], answering: readonly number[]): Promise<string[]> {
  const folder = temporaryFolder()
  const asked = new Set<number>()
  const order = [...answering]
  for (const [index, sales] of parts.entries()) {
    const store = lmdbStore(folder)
    const open: (() => void)[] = []
    const isLast = index === parts.length - 1
    const ask: Ask = ({ number }) =>
      new Promise((resolve) => {
        asked.add(number)
        if (isLast) resolve(number * 10)
        else open.push(() => resolve(number * 10))
      })
    const pace = { checkpointAfter: index % 2 === 0 ? 0 : 1e9, commitSpacing: 0 }
    const { send, stop, unsubscribe } = runActors(
      { key: ({ who }: Sale) => who, behavior: behavior(ask), store, resident: 2, pace },
      (outcome) => {
        const dead = outcome.asides.map(({ tag, value }) => `${tag} ${(value as Sale).number}`)
        for (const [place, output] of [...outcome.values, ...dead].entries()) {
          outcome.record('till', place, encode(output))
        }
      },
    )
    for (const sale of sales) {
      await send(sale)
      const [chosen] = open.splice((order.shift() ?? 0) % (open.length + 1), 1)
      chosen?.()
    }
    if (isLast) await stop()
    unsubscribe()
    await store.close()
  }
  const store = lmdbStore(folder)
  expect(asked.size).toBe(parts.flat().length)
  const rows = store.outbox('till').read(undefined, Number.POSITIVE_INFINITY)
  await store.close()
  return rows.map(({ bytes }) => decode<string>(bytes))
}

describe('a restart', () => {
  it('joins every event once, whenever it happens and whatever was answered by then', async () => {
    const parts = fc.array(fc.array(fc.constantFrom('ann', 'bob', 'cas', 'dan'), { maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(parts, fc.array(fc.nat(9), { maxLength: 40 }), async (names, answering) => {
        let number = 0
        const sales = names.map((part) => part.map((who) => ({ who, number: number++, time: 0 })))
        const all = sales.flat()
        const out = await joined(sales, answering)
        const numberOf = (line: string): number => Number(line.split(' ').at(-1))
        expect(out.map(numberOf).sort((a, b) => a - b)).toEqual(all.map((sale) => sale.number))
        for (const who of new Set(all.map((sale) => sale.who))) {
          const counts = out.filter((line) => line.startsWith(who)).map((line) => line.split(/[ :]/)[1])
          expect(counts).toEqual(counts.map((_, index) => String(index + 1)))
        }
        const unlucky = all.filter((sale) => sale.number % 7 === 6)
        expect(out.filter((line) => line.startsWith('dead'))).toHaveLength(unlucky.length)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
