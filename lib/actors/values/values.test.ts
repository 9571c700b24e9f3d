import fc from 'fast-check'
import { BehaviorSubject, EMPTY, map, NEVER, type Observable, of, Subject } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import { valuesStage } from '../../state/reserved-stages.ts'
import { decode } from '../../state/rows/codec.ts'
import { readRowEntries } from '../../state/rows/journal-row.ts'
import type { Processor } from '../../time/processor.ts'
import { actors } from '../actors.ts'
import type { Behavior } from '../behavior.ts'
import type { Pace } from '../commit/pace.ts'
import { deliver } from '../deliver.ts'

interface Sale {
  readonly who: string
  readonly amount: number
  readonly time: number
}

interface Taxed extends Sale {
  readonly tax: number
}

/** What has been paid so far, which depends on the tax in force at every sale before. */
const paid: Processor<Taxed, string, { paid: number }> = {
  create: () => ({ paid: 0 }),
  onEvent(state, { who, amount, tax }, out) {
    state.paid += amount * tax
    out.emit(`${who} ${state.paid}`)
  },
}

const taxing: Behavior<Sale, string> = (sales, actor) => {
  const tax = actor.value<number>('tax')
  return sales.pipe(
    map((sale) => ({ ...sale, tax: tax.current })),
    actor.durable('paid', paid),
  )
}

const sale = (who: string, amount: number): Sale => ({ who, amount, time: 0 })

interface Run {
  readonly behavior?: Behavior<Sale, string>
  readonly folder?: string
  readonly pace?: Partial<Pace>
}

function till(
  tax: Observable<number>,
  { behavior = taxing, folder = temporaryFolder(), pace = {} }: Run = {},
) {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  const stage = runActors({
    key: ({ who }: Sale) => who,
    behavior,
    store,
    values: { tax },
    resident: 2,
    pace,
  })
  const out = (): string[] => stage.outcomes.flatMap(({ values }) => values)
  const crash = async (): Promise<void> => {
    stage.unsubscribe()
    await store.close()
  }
  const versionsInJournal = (): number =>
    [...store.readJournal()].flatMap(readRowEntries).filter(({ kind }) => kind === 'value').length
  return { ...stage, store, folder, out, crash, versionsInJournal }
}

describe('a value', () => {
  it('is read by every turn as it is at that moment', async () => {
    const tax = new BehaviorSubject(2)
    const { send, out, stop } = till(tax)
    await send(sale('ann', 1))
    tax.next(3)
    await send(sale('ann', 1), sale('bob', 1))
    await stop()
    expect(out()).toEqual(['ann 2', 'ann 5', 'bob 3'])
  })

  it('is needed before anything is taken', async () => {
    const tax = new Subject<number>()
    const { send, source, out, stop } = till(tax)
    expect(source.observed).toBe(false)
    tax.next(2)
    expect(source.observed).toBe(true)
    await send(sale('ann', 1))
    await stop()
    expect(out()).toEqual(['ann 2'])
  })

  it('outlives a clean stop, and needs no version from outside after it', async () => {
    const tax = new BehaviorSubject(2)
    const first = till(tax)
    await first.send(sale('ann', 1))
    for (let version = 3; version < 9; version++) {
      tax.next(version)
      await first.send(sale('ann', 0))
    }
    await first.stop()
    expect([...first.store.readJournal()]).toEqual([])
    await first.store.close()

    const second = till(NEVER, first)
    await second.send(sale('ann', 1))
    await second.stop()
    expect(second.out()).toEqual(['ann 10'])
  })

  it('forgets versions that nothing left in the journal was given', async () => {
    const tax = new BehaviorSubject(0)
    const { send, stop, store, versionsInJournal } = till(tax, {
      pace: { checkpointAfter: 0, commitSpacing: 0 },
    })
    for (let version = 1; version <= 50; version++) {
      tax.next(version)
      await send(sale('ann', 1), sale('bob', 1))
    }
    expect(versionsInJournal()).toBeLessThan(10)
    const [row] = store.readActor(valuesStage, 'actors').states
    expect(decode<unknown[]>(row!.bytes).length).toBeLessThan(10)
    await stop()
  })

  it('has no new version when it comes again as it was', async () => {
    const first = till(of(2))
    await first.send(sale('ann', 1))
    await first.crash()
    const second = till(of(2), first)
    await second.send(sale('ann', 1))
    expect(second.versionsInJournal()).toBe(1)
    await second.stop()
    expect(second.out()).toEqual(['ann 4'])
  })

  it('cannot be read outside of a turn', async () => {
    const behavior: Behavior<Sale, string> = (sales, actor) => {
      const { current } = actor.value<number>('tax')
      return sales.pipe(map(({ who }) => `${who} ${current}`))
    }
    await expect(till(of(2), { behavior }).finished).rejects.toThrow('"tax" was read outside of a turn')
  })

  it('must be one that the stage was given', async () => {
    const behavior: Behavior<Sale, string> = (sales, actor) => {
      const discount = actor.value<number>('discount')
      return sales.pipe(map(({ who }) => `${who} ${discount.current}`))
    }
    await expect(till(of(2), { behavior }).finished).rejects.toThrow('no value "discount", it has "tax"')
  })

  it('that never comes fails the stage, and so does one that fails', async () => {
    await expect(till(EMPTY).finished).rejects.toThrow('completed before it had a version')
    const tax = new Subject<number>()
    const { finished } = till(tax)
    tax.error(new Error('no connection'))
    await expect(finished).rejects.toThrow('no connection')
  })

  it('keeps the replay of all stages of a store waiting until they are set up', async () => {
    const folder = temporaryFolder()
    const tills = { name: 'tills', key: ({ who }: Sale) => who }
    const first = lmdbStore(folder)
    const before = runActors({ ...tills, behavior: (sales) => sales, store: first })
    await before.send(sale('ann', 1))
    before.unsubscribe()
    await first.close()

    const store = lmdbStore(folder)
    onTestFinished(() => store.close())
    const tax = new Subject<number>()
    const out: string[] = []
    const finished = new Promise<void>((complete, error) => {
      of(sale('ann', 1))
        .pipe(
          deliver(),
          actors({ ...tills, behavior: (sales) => sales, store }),
          actors({ name: 'tax', key: ({ who }: Sale) => who, behavior: taxing, store, values: { tax } }),
        )
        .subscribe({ next: ({ values }) => out.push(...values), complete, error })
    })
    const other = runActors({ name: 'other', key: ({ who }: Sale) => who, behavior: (sales) => sales, store })
    await other.send(sale('ann', 1))
    tax.next(2)
    await Promise.all([finished, other.stop()])
    expect(out).toEqual(['ann 2'])
  })
})

describe('a value over a restart', () => {
  type Happening = Sale | number

  /** What came out, when the process ends without notice after each part. */
  async function outputs(parts: readonly (readonly Happening[])[]): Promise<string[]> {
    const folder = temporaryFolder()
    const out: string[] = []
    for (const [index, part] of parts.entries()) {
      const tax = new Subject<number>()
      const pace = { checkpointAfter: index % 2 === 0 ? 0 : 1e9, commitSpacing: 0 }
      const process = till(tax, { folder, pace })
      if (index === 0) tax.next(1)
      for (const happening of part) {
        if (typeof happening === 'number') tax.next(happening)
        else await process.send(happening)
      }
      await process.send()
      if (index === parts.length - 1) await process.stop()
      await process.crash()
      out.push(...process.out())
    }
    return out
  }

  it('is for every turn that is replayed what it was', async () => {
    const happening = fc.oneof(
      fc.integer({ min: 1, max: 9 }),
      fc.record({ who: fc.constantFrom('ann', 'bob', 'cas'), amount: fc.nat(9), time: fc.constant(0) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(happening, { maxLength: 15 }), { minLength: 2, maxLength: 5 }),
        async (parts) => {
          expect(await outputs(parts)).toEqual(await outputs([parts.flat()]))
        },
      ),
      { numRuns: 25 },
    )
  }, 60_000)
})
