import { onTestFinished } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import type { ActorsOptions } from '../actors-options.ts'
import type { Behavior } from '../behavior.ts'
import type { LookupOptions } from './lookup.ts'

export interface Order {
  readonly who: string
  readonly item: string
  readonly time: number
}

export const order = (item: string, who = 'ann'): Order => ({ who, item, time: 0 })

/** Somebody who is asked for prices and answers when told to. */
export class Clerk {
  readonly asked: string[] = []
  readonly aborted: string[] = []
  private readonly open = new Map<string, (price: number | Error) => void>()
  private arrived: () => void = () => {}

  readonly ask = ({ item }: Order, { signal }: { signal: AbortSignal }): Promise<number> =>
    new Promise((resolve, reject) => {
      this.asked.push(item)
      signal.addEventListener('abort', () => this.aborted.push(item))
      this.open.set(item, (price) => (price instanceof Error ? reject(price) : resolve(price)))
      this.arrived()
    })

  /** Resolves when `count` questions have come in all. */
  async hears(count: number): Promise<void> {
    while (this.asked.length < count) {
      await new Promise<void>((resolve) => {
        this.arrived = resolve
      })
    }
  }

  answer(item: string, price: number | Error): void {
    this.open.get(item)?.(price)
  }

  answerAll(): void {
    for (const answer of this.open.values()) answer(1)
    this.open.clear()
  }
}

type Options = Partial<ActorsOptions<Order, string>> & {
  readonly folder?: string
  readonly lookup?: Partial<LookupOptions<Order, number, string>>
}

/** A stage that looks up the price of every order. */
export function shop(clerk: Clerk, { folder = temporaryFolder(), lookup, ...options }: Options = {}) {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  const join = ({ item }: Order, price: number): string => `${item} for ${price}`
  const behavior: Behavior<Order, string> = (orders, actor) =>
    orders.pipe(actor.lookup('price', { ask: clerk.ask, join, ...lookup }))
  const stage = runActors({ key: ({ who }) => who, behavior, store, ...options })
  const sold = (): string[] => stage.outcomes.flatMap(({ values }) => values)
  const dead = (): string[] =>
    stage.outcomes.flatMap(({ asides }) =>
      asides.map(({ tag, value, reason }) => `${tag} ${(value as Order).item}: ${reason}`),
    )
  const crash = async (): Promise<void> => {
    stage.unsubscribe()
    await store.close()
  }
  return { ...stage, store, folder, sold, dead, crash }
}
