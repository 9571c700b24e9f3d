import type { ActorProgress, Silence } from '../rows/actor-row.ts'
import { decode } from '../rows/codec.ts'
import { readText } from '../rows/key-text.ts'
import { readName, readPosition } from '../rows/row-keys.ts'
import { readCount, type SavedState } from '../rows/state-row.ts'
import type { StateShapes } from '../rows/state-shapes.ts'
import type { Due } from '../store.ts'

/** Whose state a row of format 3 is: stage 00 actor 00 step 00 subkey. */
export interface StateName {
  readonly stage: string
  readonly actor: string
  readonly step: string
  readonly subkey: string
}

export const readStateName = (key: Uint8Array): StateName => {
  const stage = readName(key, 0)
  const actor = readName(key, stage.next)
  const step = readName(key, actor.next)
  return {
    stage: stage.name,
    actor: actor.name,
    step: step.name,
    subkey: readText(key, step.next, key.length),
  }
}

/** Stage, time and actor of a due row of format 3: stage 00 time actor, its time not negative. */
export const readDueName = (key: Uint8Array): Due & { readonly stage: string } => {
  const { name: stage, next } = readName(key, 0)
  return { stage, time: readPosition(key, next), actor: readText(key, next + 8, key.length) }
}

type Columns = readonly [
  version: SavedState['version'],
  position: number,
  watermark: number,
  state: unknown,
  lastEvent?: number,
  silence?: number,
]

/** First byte of a row that names no fields: an array of seven columns, of which the first counts shapes. */
const shapedMark = 0x97

const silences: readonly Silence[] = ['none', 'idle', 'closed']

/** A row of state of formats 1 to 3, each of which said how far its actor had come. */
export const readStateAndProgress = (bytes: Uint8Array, shapes: StateShapes): SavedState & ActorProgress => {
  const [version, position, watermark, state, lastEvent = 0, silence = 0] = columnsOf(bytes, shapes)
  return { version, position, watermark, state, lastEvent, silence: silences[silence] ?? 'none' }
}

const columnsOf = (bytes: Uint8Array, shapes: StateShapes): Columns => {
  if (bytes[0] !== shapedMark) return decode<Columns>(bytes)
  const [, ...columns] = shapes.decode<readonly [number, ...Columns]>(bytes, readCount(bytes).count)
  return columns
}
