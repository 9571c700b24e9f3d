import type { Processor, Turn } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { earliestDue } from './compositions.ts'

/**
 * Processors one behind the other: what one emits are the events of the next. When several have a timer due
 * together the first fires first, and what it emits for that moment reaches the next before its own timer.
 * Of a silence only the last is told: a provisional result is for those outside, never the event of a step.
 */
export function inSequence<In extends Timed, A extends Timed, Out>(
  first: Processor<In, A>,
  second: Processor<A, Out>,
): Processor<In, Out, unknown[]>
export function inSequence<In extends Timed, A extends Timed, B extends Timed, Out>(
  first: Processor<In, A>,
  second: Processor<A, B>,
  third: Processor<B, Out>,
): Processor<In, Out, unknown[]>
export function inSequence<In extends Timed, A extends Timed, B extends Timed, C extends Timed, Out>(
  first: Processor<In, A>,
  second: Processor<A, B>,
  third: Processor<B, C>,
  fourth: Processor<C, Out>,
): Processor<In, Out, unknown[]>
export function inSequence(...given: readonly unknown[]): Processor<Timed, unknown, unknown[]> {
  const parts = given as readonly Processor<Timed, unknown>[]
  const last = parts.length - 1
  const due = earliestDue(parts)
  const run: Run = { states: [], turn: undefined }
  const links = parts.slice(1).map((next, index) => new Link(run, next, index + 1))
  for (const [index, link] of links.entries()) link.nextTurn = links[index + 1]

  return {
    parts,
    create: () => parts.map((part) => part.create()),
    onEvent(states, event, turn) {
      const { states: outerStates, turn: outerTurn } = run
      run.states = states
      run.turn = turn
      try {
        ;(parts[0] as Part).onEvent(states[0], event, links[0] ?? turn)
      } finally {
        run.states = outerStates
        run.turn = outerTurn
      }
    },
    ...(due ? { due } : {}),
    onTime(states, time, turn) {
      const { states: outerStates, turn: outerTurn } = run
      run.states = states
      run.turn = turn
      try {
        for (const [place, part] of parts.entries()) {
          if (part.due && part.due(states[place]) <= time)
            part.onTime?.(states[place], time, links[place] ?? turn)
        }
      } finally {
        run.states = outerStates
        run.turn = outerTurn
      }
    },
    onIdle: (states, turn) => parts[last]?.onIdle?.(states[last], turn),
    awaitsSilence: (states) => parts[last]?.awaitsSilence?.(states[last]) ?? false,
  }
}

type Part = Processor<Timed, unknown>

/**
 * Whose turn it is. Turns are synchronous, so one set of links serves every actor and nothing is allocated
 * an event. A sequence inside itself enters again before it is through: hence what was there is put back.
 */
interface Run {
  states: readonly unknown[]
  turn: Turn<unknown> | undefined
}

/** The turn that every step but the last sees: what it emits is the next step's event. */
class Link implements Turn<unknown> {
  /** Undefined when the next step is the last, which sees the turn of the whole. */
  nextTurn: Link | undefined
  private readonly run: Run
  private readonly next: Part
  private readonly place: number

  constructor(run: Run, next: Part, place: number) {
    this.run = run
    this.next = next
    this.place = place
  }

  get watermark(): number {
    return this.turn.watermark
  }

  get arrival(): number {
    return this.turn.arrival
  }

  emit(value: unknown): void {
    this.next.onEvent(this.run.states[this.place], value as Timed, this.nextTurn ?? this.turn)
  }

  late(event: Timed): void {
    this.turn.late(event)
  }

  quarantine(event: Timed, reason: string): void {
    this.turn.quarantine(event, reason)
  }

  advance(watermark: number): void {
    this.turn.advance(watermark)
  }

  private get turn(): Turn<unknown> {
    return this.run.turn as Turn<unknown>
  }
}
