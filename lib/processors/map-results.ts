import type { Output } from '../time/output.ts'
import type { OutputTag } from '../time/output-tag.ts'
import type { KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { Turn } from '../time/turn.ts'
import { perKey } from './per-key.ts'

/**
 * `processor` with each result replaced by `project(result, turn)`, which may add what the turn knows. Inside
 * `perKey`: `mapResults(window(…), (result, { subkey }) => ({ ...result, metric: subkey }))`. The state is
 * that of `processor`, so the results of a saved step may be mapped at any time. Side outputs go on as they
 * are. `project` must be pure.
 */
export function mapResults<In extends Timed, Result, Out, State>(
  processor: Processor<In, Result, State>,
  project: (result: Result, turn: Turn) => Out,
): Processor<In, Out, State> {
  const { keyOf, each } = processor as Partial<KeyedProcessor<In, Result>>
  if (keyOf && each) return perKey(keyOf, mapResults(each, project)) as unknown as Processor<In, Out, State>
  const { onTime, onIdle, ...rest } = processor
  const mapped = new MappedOutput(project)
  return {
    ...rest,
    onEvent(state, event, out, turn) {
      const { out: outerOut, turn: outerTurn } = mapped
      mapped.enter(out, turn)
      try {
        processor.onEvent(state, event, mapped, turn)
      } finally {
        mapped.enter(outerOut, outerTurn)
      }
    },
    ...(onTime && {
      onTime(state: State, time: number, out: Output<Out>, turn: Turn) {
        const { out: outerOut, turn: outerTurn } = mapped
        mapped.enter(out, turn)
        try {
          onTime.call(processor, state, time, mapped, turn)
        } finally {
          mapped.enter(outerOut, outerTurn)
        }
      },
    }),
    ...(onIdle && {
      onIdle(state: State, out: Output<Out>, turn: Turn) {
        const { out: outerOut, turn: outerTurn } = mapped
        mapped.enter(out, turn)
        try {
          onIdle.call(processor, state, mapped, turn)
        } finally {
          mapped.enter(outerOut, outerTurn)
        }
      },
    }),
  }
}

/**
 * The output that the mapped processor sees. Turns are synchronous, so one serves every actor and nothing is
 * allocated for an event, as long as what was there is put back.
 */
class MappedOutput<Result, Out> implements Output<Result> {
  out: Output<Out> | undefined
  turn: Turn | undefined
  private readonly project: (result: Result, turn: Turn) => Out

  constructor(project: (result: Result, turn: Turn) => Out) {
    this.project = project
  }

  enter(out: Output<Out> | undefined, turn: Turn | undefined): void {
    this.out = out
    this.turn = turn
  }

  emit(value: Result): void {
    this.out!.emit(this.project(value, this.turn!))
  }

  to<T>(tag: OutputTag<T>, value: T, reason?: string): void {
    this.out!.to<unknown>(tag as OutputTag<unknown>, value, reason)
  }
}
