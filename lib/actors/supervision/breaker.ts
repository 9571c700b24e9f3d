import { type Duration, minutes } from '../../time/duration.ts'

/** Throws in a row after which an actor's behavior is not asked any more. */
export const throwsBeforeOpen = 5
/** How long it is left alone before one more try. */
export const openFor: Duration = minutes(1)
/** Good turns after which an actor is trusted again, and no copy of its state is taken before each turn. */
const goodTurnsBeforeTrust = 100

/**
 * Keeps a behavior that throws again and again from costing everybody else time. It knows no clock but the
 * arrival of what it is asked about.
 */
export class Breaker {
  private throwsInARow = 0
  private goodTurns = 0
  private opened = Number.NEGATIVE_INFINITY
  /** Entries refused since it opened. */
  refused = 0

  /**
   * Whether an entry that arrived at `arrival` goes straight to the dead letters. One from before it opened
   * means that the clock was set back, and is tried.
   */
  refuses(arrival: number): boolean {
    if (arrival < this.opened || arrival >= this.opened + openFor) return false
    this.refused++
    return true
  }

  failed(arrival: number): void {
    this.goodTurns = 0
    if (++this.throwsInARow >= throwsBeforeOpen) this.opened = arrival
  }

  succeeded(): void {
    this.throwsInARow = 0
    this.refused = 0
    this.goodTurns++
  }

  get isTrusted(): boolean {
    return this.goodTurns >= goodTurnsBeforeTrust
  }
}
