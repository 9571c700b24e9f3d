import type { Output } from '../time/output.ts'
import type { OutputTag } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { Turn } from '../time/turn.ts'
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
  const run = new Run()
  const links = parts.slice(1).map((next, index) => new Link(run, next, index + 1))
  for (const [index, link] of links.entries()) link.behind = links[index + 1]

  return {
    parts,
    create: () => parts.map((part) => part.create()),
    onEvent(states, event, out, turn) {
      const { states: outerStates, out: outerOut, turn: outerTurn } = run
      run.enter(states, out, turn)
      try {
        ;(parts[0] as Part).onEvent(states[0], event, links[0] ?? out, turn)
      } finally {
        run.enter(outerStates, outerOut, outerTurn)
      }
    },
    ...(due ? { due } : {}),
    onTime(states, time, out, turn) {
      const { states: outerStates, out: outerOut, turn: outerTurn } = run
      run.enter(states, out, turn)
      try {
        for (const [place, part] of parts.entries()) {
          if (part.due && part.due(states[place]) <= time)
            part.onTime?.(states[place], time, links[place] ?? out, turn)
        }
      } finally {
        run.enter(outerStates, outerOut, outerTurn)
      }
    },
    onIdle: (states, out, turn) => parts[last]?.onIdle?.(states[last], out, turn),
    awaitsSilence: (states) => parts[last]?.awaitsSilence?.(states[last]) ?? false,
  }
}

type Part = Processor<Timed, unknown>

/**
 * Whose turn it is. Turns are synchronous, so one set of links serves every actor and nothing is allocated
 * for an event. A sequence inside itself enters again before it is through: hence what was there is put back.
 */
class Run {
  states: readonly unknown[] = []
  out: Output<unknown> | undefined
  turn: Turn | undefined

  enter(states: readonly unknown[], out: Output<unknown> | undefined, turn: Turn | undefined): void {
    this.states = states
    this.out = out
    this.turn = turn
  }
}

/** The output of every step but the last: what it emits is the next step's event. */
class Link implements Output<unknown> {
  /** Output of the next step. Undefined when that is the last, whose output is that of the whole. */
  behind: Link | undefined
  private readonly run: Run
  private readonly next: Part
  private readonly place: number

  constructor(run: Run, next: Part, place: number) {
    this.run = run
    this.next = next
    this.place = place
  }

  emit(value: unknown): void {
    const { states, out, turn } = this.run
    this.next.onEvent(states[this.place], value as Timed, this.behind ?? out!, turn!)
  }

  to<T>(tag: OutputTag<T>, value: T, reason?: string): void {
    this.run.out!.to<unknown>(tag as OutputTag<unknown>, value, reason)
  }
}
