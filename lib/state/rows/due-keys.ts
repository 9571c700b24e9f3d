import type { Due } from '../store.ts'
import { keyGroup } from './key-group.ts'
import { maxBytesPerUnit, readText, writeText } from './key-text.ts'
import { KeyTooLong, maxKeyBytes, rangeOf, writeName, writeWord } from './row-keys.ts'
import { groupBytes, writeGroup } from './state-keys.ts'

/**
 * Throws a RangeError when the time is not a number of milliseconds within ±2^53; of a fraction the whole
 * below it is written.
 */
export const writeDueKey = (
  target: Uint8Array,
  start: number,
  stage: string,
  { time, actor }: Due,
): number => {
  const group = writeTime(time, target, writeClock(target, writeName(stage, target, start)))
  const at = writeText(actor, target, writeGroup(keyGroup(actor), target, group))
  if (at - start > maxKeyBytes) throw new KeyTooLong(at - start, `actor "${actor}"`)
  return at
}

export const dueKeyBound = (stage: string, actor: string): number =>
  dueTimeBound(stage) + groupBytes + maxBytesPerUnit * actor.length

export const dueKey = (stage: string, due: Due): Buffer => {
  const key = Buffer.allocUnsafe(dueKeyBound(stage, due.actor))
  return key.subarray(0, writeDueKey(key, 0, stage, due))
}

/** What the keys of a stage that are due at `time` begin with: it sorts before all of them. */
export const dueTimeKey = (stage: string, time: number): Buffer => {
  const key = Buffer.allocUnsafe(dueTimeBound(stage))
  return key.subarray(0, writeTime(time, key, writeClock(key, writeName(stage, key, 0))))
}

/** The due keys of a stage, as a half-open range. */
export const dueRange = (stage: string): { readonly start: Buffer; readonly end: Buffer } => {
  const { start } = rangeOf(stage)
  return {
    start: Buffer.concat([start, Uint8Array.of(wallClock)]),
    end: Buffer.concat([start, Uint8Array.of(wallClock + 1)]),
  }
}

/** Time and actor of a due key of `dueRange(stage)`, whose `start` is so long. */
export const readDueKey = (key: Uint8Array, start: number): Due => ({
  time: readTime(key, start),
  actor: readText(key, start + timeBytes + groupBytes, key.length),
})

/** Whose time a due key has. All are of the wall clock; event time will have a value of its own. */
const wallClock = 0

const writeClock = (target: Uint8Array, start: number): number => {
  target[start] = wallClock
  return start + 1
}

/** A whole number as 8 bytes that sort as numbers do, those before 1970 first. */
const writeTime = (time: number, target: Uint8Array, start: number): number => {
  const whole = Math.floor(time)
  if (!Number.isSafeInteger(whole)) throw new RangeError(`due time: ${time} is not a number within ±2^53 ms`)
  return writeWord(whole, target, writeWord(Math.floor(whole / 2 ** 32) + signBit, target, start))
}

const readTime = (key: Uint8Array, start: number): number => {
  const view = new DataView(key.buffer, key.byteOffset + start, timeBytes)
  return (view.getUint32(0) - signBit) * 2 ** 32 + view.getUint32(4)
}

const dueTimeBound = (stage: string): number => maxBytesPerUnit * stage.length + 2 + timeBytes

const timeBytes = 8
const signBit = 2 ** 31
