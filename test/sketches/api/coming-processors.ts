// Steps as the sketches use them, with the new contract: to be replaced by those of lib/processors.
import type { Absence, Accumulator, Assigner, Duration, Timed, WindowResult } from '../../../lib/index.ts'
import type { JoinProcessor, Processor, Turn } from './processor.ts'

/** Emits events in order of time. */
export declare function ordered<In extends Timed>(): Processor<In, In>

/** Emits what an accumulator makes of each window, with the key of the actor. */
export declare function window<In extends Timed, Value, State>(
  assigner: Assigner,
  accumulator: Accumulator<In, Value, State>,
): Processor<In, WindowResult<Value> & Pick<Turn, 'key'>>

/** Windows that end when no event has followed for `gap`. */
export declare function sessions(gap: Duration): Assigner

export declare function sliding(size: Duration, slide: Duration): Assigner

/** Lists what `pick` takes from each event. */
export declare function collect<In, Item>(pick: (event: In) => Item): Accumulator<In, readonly Item[]>

export interface TopList extends Timed {
  readonly key: string
  /** Highest score first. */
  readonly top: readonly { readonly name: string; readonly score: number }[]
}

/** Emits the `limit` names with the highest total score of each window. */
export declare function topN<In extends Timed>(options: {
  readonly limit: number
  readonly window: Assigner
  readonly name: (event: In) => string
  /** 1 unless given. */
  readonly score?: (event: In) => number
}): Processor<In, TopList>

/** Joins each left event with the right ones between `from` and `to` after it. */
export declare function intervalJoin<Left extends Timed, Right extends Timed, Out>(options: {
  readonly from: Duration
  readonly to: Duration
  readonly join: (left: Left, right: Right) => Out
}): JoinProcessor<Left, Right, Out>

/** Joins each left event with the version of the right one that was valid at its time. */
export declare function temporalJoin<Left extends Timed, Right extends Timed, Out>(options: {
  readonly join: (left: Left, right: Right | undefined) => Out
}): JoinProcessor<Left, Right, Out>

/** Emits `absent` after a listening time without events, and `returned` with the next event. */
export declare function absence(options: { readonly after: Duration }): Processor<Timed, Absence>
