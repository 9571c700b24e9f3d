import type { Versioned } from './processor.ts'
import {
  eachOf,
  isSameVersion,
  keepsSubkeys,
  type StateVersion,
  versionInWords,
  versionOf,
} from './state-version.ts'

/** A saved state cannot be brought to the version of the processor. The message says why and what to do. */
export class StateNotMigrated extends Error {
  override readonly name = 'StateNotMigrated'
}

/** The saved state of one part, for the migrations of a composition to put in its new place. */
export class SavedPart {
  readonly version: StateVersion
  readonly state: unknown

  constructor(version: StateVersion, state: unknown) {
    this.version = version
    this.state = state
  }
}

/**
 * Brings a state that was saved at version `from` to the present version of `processor`, one migration after
 * the other; in a composition each part by itself. Throws `StateNotMigrated`. `state` may be changed by it.
 */
export const migrateState = (processor: Versioned, state: unknown, from: StateVersion): unknown => {
  const each = eachOf(processor)
  if (each) return migrateEach(each, state, from)
  if (!keepsSubkeys(processor) && isSameVersion(from, versionOf(processor))) return state
  if (processor.parts) return migrateParts(processor, processor.parts, savedParts(state, from), ownOf(from))
  if (typeof from !== 'number') {
    throw new StateNotMigrated(
      `it was saved as a composition at version ${versionInWords(from)} and is one processor now. ${newName}`,
    )
  }
  return migrateOwn(processor, state, from)
}

function migrateParts(
  processor: Versioned,
  parts: readonly Versioned[],
  saved: readonly SavedPart[],
  from: number,
): unknown[] {
  const placed = migrateOwn(processor, saved, from)
  if (!isPlaced(placed)) {
    throw new StateNotMigrated(
      `the migration to version ${processor.version} must return one entry for each part, in their order: ` +
        'a part as it was given, or undefined for a part that begins anew',
    )
  }
  if (placed.length !== parts.length) {
    throw new StateNotMigrated(
      `it was saved as a composition of ${placed.length}, and this is one of ${parts.length}. Give the ` +
        `composition a higher version and a migration that says which part goes where, or ${newNameToo}`,
    )
  }
  return parts.map((part, place) => migratePart(part, placed[place], place))
}

function migratePart(part: Versioned, saved: SavedPart | undefined, place: number): unknown {
  if (!saved) return part.create()
  try {
    return migrateState(part, saved.state, saved.version)
  } catch (error) {
    if (!(error instanceof StateNotMigrated)) throw error
    throw new StateNotMigrated(`part ${place + 1} of it: ${error.message}`, { cause: error })
  }
}

/** Inside another processor the states of all sub-keys are one map. */
function migrateEach(each: Versioned, state: unknown, from: StateVersion): unknown {
  if (!(state instanceof Map)) {
    throw new StateNotMigrated(
      `it was not saved with a state for each sub-key, as it is kept now. ${newName}`,
    )
  }
  return new Map([...state].map(([subkey, one]) => [subkey, migrateState(each, one, from)]))
}

function migrateOwn({ version: to = 1, migrations = {} }: Versioned, state: unknown, from: number): unknown {
  if (from > to) {
    throw new StateNotMigrated(
      `it was saved by version ${from}, and this is version ${to}: the program is older than the one that ` +
        'wrote the state. Run that one again, or restore a backup made before it ran',
    )
  }
  let migrated = state
  for (let version = from; version < to; version++) {
    const migration = migrations[version] as ((saved: unknown) => unknown) | undefined
    if (!migration) {
      throw new StateNotMigrated(
        `it was saved by version ${from}, and this is version ${to} without a migration from version ` +
          `${version}. Add it to \`migrations\`, ${newNameToo}, or start from an empty store`,
      )
    }
    migrated = migrateOnce(migration, migrated, version)
  }
  return migrated
}

function migrateOnce(migration: (saved: unknown) => unknown, state: unknown, version: number): unknown {
  let migrated: unknown
  try {
    migrated = migration(state)
  } catch (error) {
    throw new StateNotMigrated(
      `its migration from version ${version} threw: ${String(error)}. Mend the migration`,
      {
        cause: error,
      },
    )
  }
  if (migrated !== undefined) return migrated
  throw new StateNotMigrated(
    `its migration from version ${version} returned nothing. Return the state that the next version keeps`,
  )
}

const ownOf = (version: StateVersion): number => (typeof version === 'number' ? 1 : (version[0] as number))

/** What was one processor is taken for a composition of that one. */
function savedParts(state: unknown, from: StateVersion): SavedPart[] {
  if (typeof from === 'number') return [new SavedPart(from, state)]
  const [, ...versions] = from
  const states = state as readonly unknown[]
  return versions.map((version, place) => new SavedPart(version, states[place]))
}

const isPlaced = (placed: unknown): placed is readonly (SavedPart | undefined)[] =>
  Array.isArray(placed) && placed.every((part) => part === undefined || part instanceof SavedPart)

const newName = 'Give the changed step a new name, or start from an empty store'
const newNameToo = 'give the changed step a new name'
