// Payments come in as lines of JSON. Who owns a card is asked elsewhere, and how much is too much may change
// at any time: a line {"limit": 500} sets it from there on.
import { createInterface } from 'node:readline'
import { filter, from, map, share } from 'rxjs'
import { actors, type Behavior, deliver, lmdbStore } from '../lib/index.ts'

interface Payment {
  readonly card: string
  readonly amount: number
  readonly time: number
}

type OwnedPayment = Payment & { readonly owner: string }

// In earnest: fetch(`https://cards.example/${card}`, { signal })
const ownerOf = async ({ card }: Payment): Promise<string> => (card === '4711' ? 'Ann' : 'somebody')

const watchCard: Behavior<Payment, OwnedPayment> = (payments, actor) => {
  const limit = actor.value<number>('limit')
  return payments.pipe(
    filter(({ amount }) => amount > limit.current),
    actor.lookup('owner', { ask: ownerOf, join: (payment, owner): OwnedPayment => ({ ...payment, owner }) }),
  )
}

const [data = './data'] = process.argv.slice(2)
const store = lmdbStore(data)
const lines = from(createInterface(process.stdin)).pipe(
  map((line) => JSON.parse(line) as Payment | { readonly limit: number }),
  share(),
)
const limit = lines.pipe(
  filter((line) => 'limit' in line),
  map((line) => line.limit),
)
lines
  .pipe(
    filter((line) => 'card' in line),
    deliver(),
    actors({ key: ({ card }) => card, behavior: watchCard, store, values: { limit } }),
  )
  .subscribe({
    next: ({ values }) => {
      for (const { owner, amount } of values) console.log(`${owner} paid ${amount}`)
    },
    complete: () => void store.close(),
  })
