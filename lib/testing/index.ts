export {
  at,
  type Given,
  Late,
  late,
  Quarantined,
  quarantined,
  Silence,
  silence,
  WallTime,
  Watermark,
  wallTime,
  watermark,
} from './notation.ts'
export { verifyProcessor } from './verify-processor.ts'
export { type VirtualClock, virtualClock } from './virtual-clock.ts'
