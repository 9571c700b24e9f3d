import type { TurnKind, Verdict } from '../../state/journal-entry.ts'
import type { Answered } from '../lookups/lookup.ts'
import type { Resident } from '../residents/resident.ts'
import type { Residents } from '../residents/residents.ts'
import type { TurnOutputs } from '../turn-outputs.ts'
import { Breaker } from './breaker.ts'

/**
 * Lets an actor take one entry, wholly or not at all. A behavior that throws leaves no trace but a dead
 * letter: its actor goes back to where it was. The good path pays nothing for it; only an actor that has
 * thrown before is copied before each turn, until it is trusted again.
 */
export class Supervision {
  private readonly residents: Residents

  constructor(residents: Residents) {
    this.residents = residents
  }

  turn(resident: Resident, kind: TurnKind, event: unknown, arrival: number, outputs: TurnOutputs): Verdict {
    const { breaker } = resident
    if (breaker?.refuses(arrival)) {
      outputs.dead(causeOf(resident, kind, event), breakerWords(resident.key, breaker))
      return 'dead'
    }
    const copy = breaker && resident.copy()
    try {
      resident.actor.turn(kind, event, arrival, outputs)
    } catch (error) {
      resident.breaker ??= new Breaker()
      resident.breaker.failed(arrival)
      this.residents.revert(resident, copy)
      outputs.clear()
      const cause = causeOf(resident, kind, event)
      outputs.dead(cause, `the behavior of actor "${resident.key}" threw: ${String(error)}`)
      return 'dead'
    }
    breaker?.succeeded()
    if (breaker?.isTrusted) resident.breaker = undefined
    return 'accepted'
  }
}

/** What goes to the dead letters: for an answer the event it is about, which waits for no other. */
const causeOf = (resident: Resident, kind: TurnKind, event: unknown): unknown =>
  kind === 'answer' ? resident.actor.forget(event as Answered) : event

const breakerWords = (key: string, { refused }: Breaker): string =>
  `the behavior of actor "${key}" threw too often in a row and is left alone for a while; ` +
  `number ${refused} refused since then. Mend what the reason before the first of these names`
