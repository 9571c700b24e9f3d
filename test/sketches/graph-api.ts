// The public names of a graph of stages, as types only: to be replaced by lib/index.ts once lib/runtime
// exists. The sketches beside this file import it as programs will import 'tidemark'. Why it has this shape:
// docs/decisions/0012-graphs-of-stages.md.
export {
  boundedOutOfOrderness,
  connectNats,
  count,
  type Duration,
  days,
  fromJetStream,
  hours,
  lmdbStore,
  minutes,
  type Nats,
  type Store,
  seconds,
  type Timed,
  tumbling,
} from '../../lib/index.ts'
export type { ActorContext, Behavior } from './api/behavior.ts'
export { actorClock, type Clock, type ClockScope, sharedClock } from './api/clocks.ts'
export {
  absence,
  collect,
  intervalJoin,
  ordered,
  sessions,
  sliding,
  temporalJoin,
  topN,
  window,
} from './api/coming-processors.ts'
export type { Explanation } from './api/explanation.ts'
export {
  type Broadcast,
  broadcast,
  type EventTurn,
  type JoinProcessor,
  type Output,
  type OutputTag,
  outputTag,
  type Processor,
  type Turn,
} from './api/processor.ts'
export {
  asDeliveries,
  type Replayable,
  replayable,
  type SourceInput,
  type Tidemark,
  tidemark,
} from './api/runtime.ts'
export { type Delivered, type Destination, type Sink, toJetStream } from './api/sinks.ts'
export {
  dead,
  type KeyedStream,
  late,
  provisional,
  quarantined,
  type ReferenceInput,
  type Rejected,
  type Source,
  type Stage,
  type Stream,
} from './api/streams.ts'
