import type { StateRow } from '../store.ts'
import { keyGroup } from './key-group.ts'
import { maxBytesPerUnit, readText, writeText } from './key-text.ts'
import { KeyTooLong, maxKeyBytes, readName, writeName } from './row-keys.ts'

/** The key of an actor's own row, which the keys of its states begin with. */
export const writeActorKey = (target: Uint8Array, start: number, stage: string, actor: string): number => {
  const at = writeName(actor, target, writeGroup(keyGroup(actor), target, writeName(stage, target, start)))
  if (at - start > maxKeyBytes) throw new KeyTooLong(at - start, `actor "${actor}"`)
  return at
}

export const writeStateKey = (
  target: Uint8Array,
  start: number,
  stage: string,
  actor: string,
  step: string,
  subkey: string,
): number => {
  const own = writeActorKey(target, start, stage, actor)
  const at = writeText(subkey, target, writeName(step, target, own))
  if (at - start > maxKeyBytes) throw new KeyTooLong(at - start, `actor "${actor}", step "${step}"`)
  return at
}

/** No key of an actor's own row takes more bytes than this. */
export const actorKeyBound = (stage: string, actor: string): number =>
  maxBytesPerUnit * (stage.length + actor.length) + 2 + groupBytes

/** No state key takes more bytes than this. */
export const stateKeyBound = (stage: string, actor: string, step: string, subkey: string): number =>
  actorKeyBound(stage, actor) + maxBytesPerUnit * (step.length + subkey.length) + 1

/** The keys of all rows of an actor, as a half-open range that begins with the key of its own row. */
export const actorRange = (
  stage: string,
  actor: string,
): { readonly start: Buffer; readonly end: Buffer } => {
  const key = Buffer.allocUnsafe(actorKeyBound(stage, actor))
  const start = key.subarray(0, writeActorKey(key, 0, stage, actor))
  const end = Buffer.from(start)
  end[end.length - 1] = 1
  return { start, end }
}

/** The actor of a key whose stage ended before `start`, and where the step begins. */
export const readActor = (
  key: Uint8Array,
  start: number,
): { readonly actor: string; readonly next: number } => {
  const { name: actor, next } = readName(key, start + groupBytes)
  return { actor, next }
}

/** Step and sub-key of a state key whose actor ended before `start`. */
export const readStateKey = (key: Uint8Array, start: number): Pick<StateRow, 'step' | 'subkey'> => {
  const step = readName(key, start)
  return { step: step.name, subkey: readText(key, step.next, key.length) }
}

export const writeGroup = (group: number, target: Uint8Array, start: number): number => {
  target[start] = group >>> 8
  target[start + 1] = group
  return start + groupBytes
}

export const groupBytes = 2
