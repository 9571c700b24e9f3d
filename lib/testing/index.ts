export { type CrashPoint, crashPoints, watchCrashPoints } from '../state/crash-point.ts'
export {
  type CrashingStore,
  type CrashingStoreOptions,
  crashingStore,
} from './crashing-store.ts'
export { moment, timelineStart } from './moment.ts'
export {
  at,
  type Given,
  Silence,
  silence,
  Tagged,
  tagged,
  WallTime,
  Watermark,
  wallTime,
  watermark,
} from './notation.ts'
export type { ProcessorOwner } from './processor-run.ts'
export { events, timeline } from './timeline.ts'
export { type BehaviorCase, type VerifiedBehavior, verifyBehavior } from './verify-behavior.ts'
export { verifyProcessor } from './verify-processor.ts'
export { type VirtualClock, virtualClock } from './virtual-clock.ts'
