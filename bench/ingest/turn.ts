import { type BrokerProcess, elapse } from './broker-process.ts'
import type { Load } from './load.ts'

/** What one broker did under load for a while. */
export interface Turn {
  readonly acksPerSecond: number
  readonly cpuMicrosPerAck: number
  /** CPU time as a share of the time: of the process if it has a core to itself, else of its main thread. */
  readonly coreBusy: number
  /** Undefined where the kernel does not say. */
  readonly writtenBytesPerAck: number | undefined
}

export interface TurnOptions {
  /** Publishes of each client in flight. */
  readonly window: number
  readonly warmUpMs: number
  readonly measureMs: number
}

/** Wakes a broker, loads it for a while, measures, and pauses it again. */
export const turnOf = async (
  broker: BrokerProcess,
  load: Load,
  { window, warmUpMs, measureMs }: TurnOptions,
): Promise<Turn> => {
  broker.resume()
  load.keep(window)
  await elapse(warmUpMs)
  const [before, acksBefore, start] = [await broker.usage(), load.acknowledged, performance.now()]
  await elapse(measureMs)
  const [after, acksAfter, end] = [await broker.usage(), load.acknowledged, performance.now()]
  load.keep(0)
  await elapse(settleMs)
  broker.pause()
  const acks = acksAfter - acksBefore
  const used = broker.isPinned
    ? after.processMicros - before.processMicros
    : after.mainMicros - before.mainMicros
  return {
    acksPerSecond: (acks / (end - start)) * 1_000,
    cpuMicrosPerAck: (after.processMicros - before.processMicros) / acks,
    coreBusy: used / 1_000 / (end - start),
    writtenBytesPerAck:
      after.writtenBytes === null ? undefined : (after.writtenBytes - before.writtenBytes!) / acks,
  }
}

/** For what is in flight to be acknowledged. */
const settleMs = 1_500
