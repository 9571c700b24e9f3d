import type { KeyedProcessor, Processor, Turn } from '../time/processor.ts'
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
    onEvent(state, event, turn) {
      note('given', event)
      processor.onEvent(state, event, new TracedTurn(turn, note))
    },
  }
  if (due) traced.due = (state) => due.call(processor, state)
  if (onTime) {
    traced.onTime = (state, time, turn) => {
      note('timer', time)
      onTime.call(processor, state, time, new TracedTurn(turn, note))
    }
  }
  if (onIdle) {
    traced.onIdle = (state, turn) => {
      note('silence', null)
      onIdle.call(processor, state, new TracedTurn(turn, note))
    }
  }
  const { each } = processor as Partial<KeyedProcessor<In, Out>>
  if (each) traced.each = tracedProcessor(each, note)
  return Object.assign(Object.create(processor), traced)
}

class TracedTurn<Out> implements Turn<Out> {
  private readonly turn: Turn<Out>
  private readonly note: Note

  constructor(turn: Turn<Out>, note: Note) {
    this.turn = turn
    this.note = note
  }

  get watermark(): number {
    return this.turn.watermark
  }

  get arrival(): number {
    return this.turn.arrival
  }

  emit(value: Out): void {
    this.note('put out', value)
    this.turn.emit(value)
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
}
