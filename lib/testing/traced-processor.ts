import type { Output } from '../time/output.ts'
import type { OutputTag } from '../time/output-tag.ts'
import type { KeyedProcessor, Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

type Note = (what: 'given' | 'put out' | 'timer' | 'silence', value: unknown) => void

/** The same processor, telling `note` of everything that is done with it. */
export function tracedProcessor<In extends Timed, Out, State>(
  processor: Processor<In, Out, State>,
  note: Note,
): Processor<In, Out, State> {
  const { onTime, onIdle, due } = processor
  const traced: Partial<Processor<In, Out, State>> & { each?: unknown } = {
    create: () => processor.create(),
    onEvent(state, event, out, turn) {
      note('given', event)
      processor.onEvent(state, event, new TracedOutput(out, note), turn)
    },
  }
  if (due) traced.due = (state) => due.call(processor, state)
  if (onTime) {
    traced.onTime = (state, time, out, turn) => {
      note('timer', time)
      onTime.call(processor, state, time, new TracedOutput(out, note), turn)
    }
  }
  if (onIdle) {
    traced.onIdle = (state, out, turn) => {
      note('silence', null)
      onIdle.call(processor, state, new TracedOutput(out, note), turn)
    }
  }
  const { each } = processor as Partial<KeyedProcessor<In, Out>>
  if (each) traced.each = tracedProcessor(each, note)
  return Object.assign(Object.create(processor), traced)
}

class TracedOutput<Out> implements Output<Out> {
  private readonly out: Output<Out>
  private readonly note: Note

  constructor(out: Output<Out>, note: Note) {
    this.out = out
    this.note = note
  }

  emit(value: Out): void {
    this.note('put out', value)
    this.out.emit(value)
  }

  to<T>(tag: OutputTag<T>, value: NoInfer<T>, reason?: string): void {
    this.out.to(tag, value, reason)
  }
}
