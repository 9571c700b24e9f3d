import type { ResendingClient } from '../crash/resending-client.ts'
import { lostReadings } from '../crash/verdict.ts'
import type { GraphEvidence } from './graph-evidence.ts'

/** What a run with crashes came to, compared with its twin without. */
export interface GraphVerdict {
  readonly publishes: number
  readonly pubacks: number
  /** PUBACKs that were not the next one due, such as a second one for a publish. */
  readonly pubacks_out_of_order: number
  /** Readings acknowledged that no actor has. */
  readonly lost: number
  /** Outputs with an id of their own that the twin does not have, or not so often. */
  readonly duplicates: number
  /** Outputs of the twin that were not delivered. */
  readonly missing: number
  readonly ids_with_two_contents: number
  readonly state_equals_twin: boolean
  /** Outputs of each sink. */
  readonly outputs: Readonly<Record<string, number>>
}

export const judge = (
  clients: readonly ResendingClient[],
  run: GraphEvidence,
  twin: GraphEvidence,
): GraphVerdict => {
  const sinks = [...twin.outputs.keys()].map((sink) => compare(idsOf(run, sink), idsOf(twin, sink)))
  return {
    publishes: total(clients, ({ published }) => published),
    pubacks: total(clients, ({ acknowledged }) => acknowledged),
    pubacks_out_of_order: total(clients, ({ misordered }) => misordered),
    lost: total(clients, ({ newest }) =>
      total([...newest], ([device, last]) => lostReadings(run.ledgers.get(device), last)),
    ),
    duplicates: total(sinks, ({ more }) => more),
    missing: total(sinks, ({ fewer }) => fewer),
    ids_with_two_contents: total(sinks, ({ ambiguous }) => ambiguous),
    state_equals_twin:
      run.states.size === twin.states.size &&
      [...twin.states].every(([name, state]) => run.states.get(name) === state),
    outputs: Object.fromEntries([...run.outputs].map(([sink, ids]) => [sink, ids.size])),
  }
}

export const holds = (verdict: GraphVerdict): boolean =>
  verdict.publishes > 0 &&
  verdict.pubacks === verdict.publishes &&
  verdict.pubacks_out_of_order === 0 &&
  verdict.lost === 0 &&
  verdict.duplicates === 0 &&
  verdict.missing === 0 &&
  verdict.ids_with_two_contents === 0 &&
  verdict.state_equals_twin &&
  Object.values(verdict.outputs).every((outputs) => outputs > 0)

type Ids = ReadonlyMap<string, ReadonlySet<string>>

const idsOf = ({ outputs }: GraphEvidence, sink: string): Ids => outputs.get(sink) ?? new Map()

const compare = (run: Ids, twin: Ids): { more: number; fewer: number; ambiguous: number } => {
  const found = counts(run)
  const expected = counts(twin)
  const beyond = (some: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): number =>
    total([...some], ([content, times]) => Math.max(0, times - (others.get(content) ?? 0)))
  return {
    more: beyond(found, expected),
    fewer: beyond(expected, found),
    ambiguous: total([...run.values()], (contents) => contents.size - 1),
  }
}

const counts = (ids: Ids): Map<string, number> => {
  const times = new Map<string, number>()
  for (const contents of ids.values()) {
    for (const content of contents) times.set(content, (times.get(content) ?? 0) + 1)
  }
  return times
}

const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)
