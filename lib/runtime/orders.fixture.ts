import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { lmdbStore } from '../state/lmdb-store.ts'
import type { Store } from '../state/store.ts'
import type { Timed } from '../time/timed.ts'
import type { Delivered, Destination } from './destination.ts'

export interface Order extends Timed {
  readonly customer: string
  readonly items: readonly string[]
}

export const order = (customer: string, ...items: string[]): Order => ({ time: 0, customer, items })

export const openStore = (folder = temporaryFolder()): Store => {
  const store = lmdbStore(folder)
  onTestFinished(() => store.close())
  return store
}

/** A destination that keeps what it receives. */
export const list = <T>(): Destination<T> & { readonly outputs: Delivered<T>[]; values(): T[] } => {
  const outputs: Delivered<T>[] = []
  return {
    outputs,
    values: () => outputs.map(({ value }) => value),
    deliver: async (delivered) => void outputs.push(...delivered),
  }
}
