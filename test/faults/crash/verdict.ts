import type { Evidence, StoredMessage } from './evidence.ts'
import type { Ledger } from './ledger.ts'
import type { ResendingClient } from './resending-client.ts'

/** What a client knows to be taken. */
export type Acknowledgements = Pick<ResendingClient, 'acknowledged' | 'misordered' | 'newest'>

/** What a run with crashes came to, compared with its twin without. */
export interface Verdict {
  /** Publishes acknowledged. */
  readonly acked: number
  /** Readings acknowledged that no ledger has. */
  readonly lost: number
  /** PUBACKs, entries of ledgers, and messages in the stream that came out of their order. */
  readonly out_of_order: number
  readonly counted_twice: number
  readonly missing_anomalies: number
  readonly duplicate_anomalies: number
  readonly state_equals_twin: boolean
  /** Messages in the stream, and those among them that the twin does not have. */
  readonly messages: number
  readonly unexpected_messages: number
}

export const judge = (clients: readonly Acknowledgements[], run: Evidence, twin: Evidence): Verdict => {
  const ledgers = [...run.ledgers.values()]
  const expected = counts(twin.messages)
  const found = counts(run.messages)
  const misordered = total(clients, ({ misordered }) => misordered)
  return {
    acked: total(clients, ({ acknowledged }) => acknowledged),
    lost: total(clients, ({ newest }) =>
      total([...newest], ([device, last]) => lostReadings(run.ledgers.get(device), last)),
    ),
    out_of_order: misordered + total(ledgers, (ledger) => ledger.misordered) + inversions(run.messages),
    counted_twice: total(ledgers, ({ twice }) => twice),
    missing_anomalies: total([...expected], ([content, times]) =>
      Math.max(0, times - (found.get(content) ?? 0)),
    ),
    duplicate_anomalies: total([...expected], ([content, times]) =>
      Math.max(0, (found.get(content) ?? 0) - times),
    ),
    state_equals_twin:
      run.states.size === twin.states.size &&
      [...twin.states].every(([name, state]) => run.states.get(name) === state),
    messages: run.messages.length,
    unexpected_messages: total([...found], ([content, times]) => (expected.has(content) ? 0 : times)),
  }
}

export const holds = (verdict: Verdict): boolean =>
  verdict.acked > 0 &&
  verdict.lost === 0 &&
  verdict.out_of_order === 0 &&
  verdict.counted_twice === 0 &&
  verdict.missing_anomalies === 0 &&
  verdict.duplicate_anomalies === 0 &&
  verdict.unexpected_messages === 0 &&
  verdict.messages > 0 &&
  verdict.state_equals_twin

/** The first few things in which a run differs from its twin, in words. */
export const differences = (run: Evidence, twin: Evidence): string[] => {
  const names = [...new Set([...run.states.keys(), ...twin.states.keys()])]
  const states = names
    .filter((name) => run.states.get(name) !== twin.states.get(name))
    .map((name) => `${name}: ${run.states.get(name)}, and in the twin ${twin.states.get(name)}`)
  const found = counts(run.messages)
  const expected = counts(twin.messages)
  const messages = [...new Set([...found.keys(), ...expected.keys()])]
    .filter((content) => found.get(content) !== expected.get(content))
    .map(
      (content) => `${content}: ${found.get(content) ?? 0} times, ${expected.get(content) ?? 0} in the twin`,
    )
  return [...states.slice(0, 5), ...messages.slice(0, 5)]
}

/** Of the sequence numbers up to `newest`, those that the ledger has not seen. */
export const lostReadings = (ledger: Ledger | undefined, newest: number): number => {
  if (!ledger) return newest
  const passedOver = total(ledger.gaps, ([first, last]) => Math.max(0, Math.min(last, newest) - first + 1))
  return passedOver + Math.max(0, newest - ledger.last)
}

/** Messages that say less has been counted than an earlier one of the same device or line. */
const inversions = (messages: readonly StoredMessage[]): number => {
  const furthest = new Map<string, number>()
  let inverted = 0
  for (const { output } of messages) {
    if (!output) continue
    const [name, count] =
      output.kind === 'milestone' ? [output.line, output.entries] : [output.device, output.count]
    if (count < (furthest.get(name) ?? 0)) inverted++
    else furthest.set(name, count)
  }
  return inverted
}

const counts = (messages: readonly StoredMessage[]): Map<string, number> => {
  const times = new Map<string, number>()
  for (const { content } of messages) times.set(content, (times.get(content) ?? 0) + 1)
  return times
}

const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)
