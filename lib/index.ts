// The public names of the framework, by what they are for. What is not here may change without notice.

// Time: events, durations, watermarks, the clock on the wall

export {
  type Duration,
  days,
  hours,
  milliseconds,
  minutes,
  seconds,
} from './time/duration.ts'
export { EventClock, type EventClockOptions } from './time/event-clock.ts'
export type { SavedPart } from './time/migrate-state.ts'
export type { Output } from './time/output.ts'
export {
  dead,
  late,
  type OutputTag,
  outputTag,
  quarantined,
  type RejectedKind,
  type RejectedTag,
} from './time/output-tag.ts'
export type {
  ClockProcessor,
  KeyedProcessor,
  Migrations,
  Processor,
  Versioned,
} from './time/processor.ts'
export type { StateVersion } from './time/state-version.ts'
export type { Timed } from './time/timed.ts'
export type { ClockTurn, Turn } from './time/turn.ts'
export { systemClock, type WallClock } from './time/wall-clock.ts'
export { boundedOutOfOrderness, type LatestTime, type WatermarkPolicy } from './time/watermark-policy.ts'

// Statistics: what a window or a baseline adds up

export type { Accumulator, Valued } from './statistics/accumulator.ts'
export type { Baseline } from './statistics/baseline.ts'
export { type Count, count } from './statistics/count.ts'
export { exponentiallyWeighted, type WeightedMoments } from './statistics/exponentially-weighted.ts'
export { type Largest, max } from './statistics/max.ts'
export { mean } from './statistics/mean.ts'
export { min, type Smallest } from './statistics/min.ts'
export { type Random, randomFrom } from './statistics/random.ts'
export {
  type MomentsPane,
  type RollingMoments,
  type RollingWelfordOptions,
  rollingWelford,
} from './statistics/rolling-welford.ts'
export { type CompensatedSum, sum } from './statistics/sum.ts'
export { summary } from './statistics/summary.ts'
export {
  chanMerge,
  type Moments,
  populationVariance,
  type Summary,
  sampleVariance,
  welford,
} from './statistics/welford.ts'

// Processors: the stateful steps a behavior is made of

export { type Absence, type AbsenceOptions, absence, type Presence } from './processors/absence.ts'
export type { Assigner } from './processors/assigner.ts'
export { type ChooseOptions, type Chosen, choose } from './processors/choose.ts'
export {
  type DeduplicateOptions,
  deduplicate,
  type SeenKeys,
  type SeenSlot,
} from './processors/deduplicate.ts'
export { type Deviation, deviation } from './processors/deviation.ts'
export type { DeviationOptions } from './processors/deviation-options.ts'
export type { DeviationState } from './processors/deviation-state.ts'
export { inParallel } from './processors/in-parallel.ts'
export { inSequence } from './processors/in-sequence.ts'
export { mapResults } from './processors/map-results.ts'
export { type OrderedOptions, type OrderedState, ordered } from './processors/ordered.ts'
export type { WindowPane } from './processors/panes.ts'
export type { PendingValues } from './processors/pending.ts'
export { perKey } from './processors/per-key.ts'
export { tumbling } from './processors/tumbling.ts'
export { type WatermarkOptions, watermarks } from './processors/watermarks.ts'
export { type WindowOptions, type WindowResult, type WindowState, window } from './processors/window.ts'

// Actors: one durable actor a key

export { actors } from './actors/actors.ts'
export type { ActorsOptions } from './actors/actors-options.ts'
export type { ActorContext, Behavior } from './actors/behavior.ts'
export { JournalOfAnotherVersion } from './actors/behavior-version.ts'
export { defaultPace, type Pace } from './actors/commit/pace.ts'
export type { ReplayProgress } from './actors/commit/replay.ts'
export { deliver } from './actors/deliver.ts'
export {
  type Aside,
  Delivery,
  type DeliveryOptions,
  type Duty,
  type Receipt,
} from './actors/delivery.ts'
export type { LookupOptions } from './actors/lookups/lookup.ts'
export type { Outcome } from './actors/outcome.ts'
export type { Sent, SentAside, SentResult, Sink, SinkRefusal } from './actors/sinks/sink.ts'
export { type ToSinkOptions, toSink } from './actors/sinks/to-sink.ts'
export { StepVersionMismatch } from './actors/steps/restore-actor.ts'
export type { VersionedValue } from './actors/values/versioned-value.ts'

// Graphs: sources, stages and sinks over one store

export { type ActorClockOptions, actorClock } from './processors/actor-clock.ts'
export { asDeliveries } from './runtime/as-deliveries.ts'
export type { Delivered, Destination } from './runtime/destination.ts'
export { type Replayable, replayable } from './runtime/replayable.ts'
export type { SourceInput } from './runtime/source-input.ts'
export type { KeyedStream, Rejected, Source, Stage, Stream, ValueOf } from './runtime/stream.ts'
export {
  type RunOptions,
  type SourceOptions,
  type StageOptions,
  type Stamped,
  type Tidemark,
  type TidemarkOptions,
  type TimeNeeded,
  tidemark,
} from './runtime/tidemark.ts'
export type { Clock, ClockScope } from './time/clock.ts'

// State: where actors are kept

export { type Backup, type BackupOptions, backupStore } from './state/copies/backup-store.ts'
export type { CopyOptions, CopyProgress, StoreCopy } from './state/copies/copy-store.ts'
export { type RestoredStore, type RestoreOptions, restoreStore } from './state/copies/restore-store.ts'
export { DiskFailed } from './state/environment/disk-failed.ts'
export type { DiskRoom, StoreCondition } from './state/environment/disk-reserve.ts'
export { FormatNotKnown, FormatOutdated } from './state/environment/store-format.ts'
export { StoreInUse } from './state/environment/writer-lock.ts'
export type { InspectOptions, StoreInspection } from './state/inspection/inspect-store.ts'
export type { JournalSize } from './state/inspection/journal-size.ts'
export type { OutboxSize } from './state/inspection/outbox-size.ts'
export type { ActorSize, StageSize, StepSize } from './state/inspection/stage-size.ts'
export { type InspectedRow, StoreInspector } from './state/inspection/store-inspector.ts'
export { type Ancestor, epochAt, type Lineage } from './state/lineage.ts'
export { openStoreReadOnly } from './state/lmdb-reader.ts'
export { type LmdbStore, type LmdbStoreOptions, lmdbStore } from './state/lmdb-store.ts'
export type { ActorProgress } from './state/rows/actor-row.ts'
export { StoreDamaged } from './state/rows/frame.ts'
export { KeyTooLong } from './state/rows/row-keys.ts'
export type { SavedState } from './state/rows/state-row.ts'
export type { StateShapes } from './state/rows/state-shapes.ts'
export {
  type ActorWrite,
  type Checkpoint,
  type Commit,
  CommitFailed,
  type Due,
  type DueMove,
  type DuePlace,
  type JournalRow,
  type Outbox,
  type OutboxKey,
  type OutboxRow,
  type OutboxWrite,
  type SavedActor,
  type StateRow,
  type StateWrite,
  type Store,
  type StoreReader,
} from './state/store.ts'

// NATS: streams in and out

export type { CloudEvent, EventAttributes } from './nats/cloud-event.ts'
export { connectNats, type Nats, type NatsOptions } from './nats/connect-nats.ts'
export { fromJetStream, type JetStreamSourceOptions } from './nats/from-jetstream.ts'
export type { NatsState, NatsStatus } from './nats/nats-status.ts'
export type { Published } from './nats/published.ts'
export type { RelayReport, Taken } from './nats/relay-report.ts'
export { defaultSideSubject, type SideOutput } from './nats/side-output.ts'
export { rejectedName } from './nats/sink-streams.ts'
export type { StreamMessage } from './nats/stream-message.ts'
export type { StreamOptions } from './nats/stream-options.ts'
export { type StreamWriter, streamWriter } from './nats/stream-writer.ts'
export { nameOfSubjectToken, subjectToken } from './nats/subject-token.ts'
export { type SubjectOf, subjectUnder } from './nats/subject-under.ts'
export { type JetStreamSinkOptions, toJetStream } from './nats/to-jetstream.ts'
export { waitingRows } from './nats/waiting-rows.ts'
