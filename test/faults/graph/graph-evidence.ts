import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStoreReadOnly } from '../../../lib/state/lmdb-reader.ts'
import { decodeActorRow, noProgress } from '../../../lib/state/rows/actor-row.ts'
import { decodeStateRow } from '../../../lib/state/rows/state-row.ts'
import type { Ledger } from '../crash/ledger.ts'
import { graphSinks, graphStages } from './graph-stages.ts'

/** What a graph left behind when it had ended. */
export interface GraphEvidence {
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Every saved state: which one, and what it holds, but for journal positions. */
  readonly states: ReadonlyMap<string, string>
  /** Of each sink the ids that were delivered, and with which contents. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
}

export const gatherEvidence = async (folder: string): Promise<GraphEvidence> => {
  const ledgers = new Map<string, Ledger>()
  const states = new Map<string, string>()
  const store = openStoreReadOnly(join(folder, 'store'))
  for (const stage of graphStages) {
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
  return { ledgers, states, outputs: new Map(graphSinks.map((sink) => [sink, outputsOf(folder, sink)])) }
}

const outputsOf = (folder: string, sink: string): Map<string, Set<string>> => {
  const outputs = new Map<string, Set<string>>()
  const path = join(folder, `${sink}.lines`)
  if (!existsSync(path)) return outputs
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = parse(line)
    if (!parsed) continue
    const [id, value] = parsed
    const contents = outputs.get(id) ?? new Set()
    outputs.set(id, contents.add(JSON.stringify(value)))
  }
  return outputs
}

/** A line that a kill has torn was not taken: its output comes again. */
const parse = (line: string): [string, unknown] | undefined => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
