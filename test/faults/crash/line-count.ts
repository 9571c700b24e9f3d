import type { Behavior } from '../../../lib/actors/behavior.ts'
import type { Processor } from '../../../lib/time/processor.ts'
import type { LedgerEntry } from './ledger.ts'

/** Sums over the devices of a line: devices of several clients, so they must not depend on who came first. */
export interface LineCount {
  entries: number
  marks: number
  sum: number
}

/** What leaves the pipeline. */
export type PlantOutput =
  | Omit<LedgerEntry, 'time'>
  | { readonly kind: 'milestone'; readonly line: string; readonly entries: number }

/** The second stage: counts what the first made, lets anomalies and marks pass, and makes milestones. */
export const lineCount: Processor<LedgerEntry, PlantOutput, LineCount> = {
  create: () => ({ entries: 0, marks: 0, sum: 0 }),
  onEvent(state, { kind, device, sequence, count, hash }, out) {
    state.entries++
    state.sum = (state.sum + hash) % 2 ** 40
    if (kind === 'mark') state.marks++
    if (kind !== 'reading') out.emit({ kind, device, sequence, count, hash })
    if (state.entries % 500 === 0) {
      out.emit({ kind: 'milestone', line: lineOf(device), entries: state.entries })
    }
  },
}

export const lineBehavior: Behavior<LedgerEntry, PlantOutput> = (entries, actor) =>
  entries.pipe(actor.durable('count', lineCount))

/** `c3-d7` stands in line 7 modulo 6, beside devices of all other clients. */
export const lineOf = (device: string): string => `line-${Number(device.split('-d')[1]) % 6}`
