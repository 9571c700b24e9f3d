import { openStoreReadOnly } from '../../../lib/state/lmdb-reader.ts'
import { decodeActorRow, noProgress } from '../../../lib/state/rows/actor-row.ts'
import { decodeStateRow } from '../../../lib/state/rows/state-row.ts'
import type { Ledger } from './ledger.ts'

/** What the actors of a store have saved. */
export interface SavedStates {
  /** By actor: the states of the steps named "ledger". */
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Every state: which one, and what it holds, but for journal positions. */
  readonly states: ReadonlyMap<string, string>
}

export const savedStates = async (path: string, stages: readonly string[]): Promise<SavedStates> => {
  const ledgers = new Map<string, Ledger>()
  const states = new Map<string, string>()
  const store = openStoreReadOnly(path)
  for (const stage of stages) {
    for (const { actor, progress, states: saved } of store.actors(stage)) {
      const { watermark } = progress ? decodeActorRow(progress) : noProgress
      for (const { step, subkey, bytes } of saved) {
        const { version, state } = decodeStateRow(bytes, store.shapes)
        states.set(`${stage} ${actor} ${step} ${subkey}`, JSON.stringify([version, watermark, state]))
        if (step === 'ledger') ledgers.set(actor, state as Ledger)
      }
    }
  }
  await store.close()
  return { ledgers, states }
}
