import type { Migrations, Processor, Versioned } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'

/** What is added to the state of the processor that was chosen: its name, nothing for `otherwise`. */
export interface Chosen {
  chosen?: string
}

export interface ChooseOptions<In extends Timed, Out> {
  /** Names one of `among`, undefined for `otherwise`. The same for all events of one state. */
  readonly by: (event: In) => string | undefined
  /**
   * All of the version of `otherwise`, each with migrations of its own for its states: where nothing of them
   * changes, `(state) => state`. None of them a composition.
   */
  readonly among: Readonly<Record<string, Processor<In, Out, object>>>
  readonly otherwise: Processor<In, Out, object>
}

/**
 * One of several processors, such as deviations from different baselines, inside a `perKey`: each sub-key has
 * the one that its events name. The name is saved with the state, as its recovery key: what was learned under
 * another name, by a program that has been changed since, is left behind, and the one chosen now begins anew.
 *
 * Throws a RangeError for processors that cannot stand in for each other and, in a turn, for a name that is
 * not among them.
 */
export const choose = <In extends Timed, Out>({
  by,
  among,
  otherwise,
}: ChooseOptions<In, Out>): Processor<In, Out, Chosen> => {
  const named = new Map(Object.entries(among))
  const { version = 1 } = otherwise
  for (const [name, processor] of [['otherwise', otherwise] as const, ...named]) {
    if ((processor.version ?? 1) === version && !processor.parts) continue
    throw new RangeError(
      processor.parts
        ? `"${name}" is a composition, whose state has no place for a name: choose among each of its parts`
        : `"${name}" is at version ${processor.version ?? 1}, otherwise at ${version}: bring them to the same`,
    )
  }

  /** Undefined for a state that was left by one that is not among them any more. */
  const owner = ({ chosen }: Chosen): Processor<In, Out, object> | undefined =>
    chosen === undefined ? otherwise : named.get(chosen)

  const chosenFor = (name: string | undefined): Processor<In, Out, object> => {
    const processor = owner(name === undefined ? {} : { chosen: name })
    if (processor) return processor
    const known = [...named.keys()].map((one) => `"${one}"`).join(', ')
    throw new RangeError(`"${name}" is not among ${known}: name one of them, or none`)
  }

  return {
    version,
    migrations: migrationsOf(version, owner),
    create: () => otherwise.create(),
    onEvent(state, event, out, turn) {
      const name = by(event)
      const processor = chosenFor(name)
      if (state.chosen !== name) beginAnew(state, processor.create(), name)
      processor.onEvent(state, event, out, turn)
    },
    due: (state) => owner(state)?.due?.(state) ?? Number.POSITIVE_INFINITY,
    onTime: (state, time, out, turn) => owner(state)?.onTime?.(state, time, out, turn),
    onIdle: (state, out, turn) => owner(state)?.onIdle?.(state, out, turn),
    awaitsSilence: (state) => owner(state)?.awaitsSilence?.(state) ?? false,
  }
}

/** In place, because the state belongs to whoever runs the processor. */
const beginAnew = (state: Chosen, fresh: object, name: string | undefined): void => {
  for (const field of Object.keys(state)) if (!(field in fresh)) Reflect.deleteProperty(state, field)
  Object.assign(state, fresh, name === undefined ? {} : { chosen: name })
}

/** Each state is migrated by the processor it belongs to; one whose processor is gone stays as it is. */
const migrationsOf = (version: number, owner: (state: Chosen) => Versioned | undefined): Migrations => {
  const migrate = (from: number, { chosen, ...saved }: Chosen): object | undefined => {
    const name = chosen === undefined ? {} : { chosen }
    const processor = owner(name)
    if (!processor) return { ...saved, ...name }
    const migration = processor.migrations?.[from] as Migration | undefined
    if (!migration) {
      throw new Error(
        `${chosen === undefined ? 'otherwise' : `"${chosen}"`} has none from there: give it one, ` +
          '(state) => state where nothing changed',
      )
    }
    const migrated = migration(saved)
    return migrated && Object.assign(migrated, name)
  }
  const versions = Array.from({ length: version - 1 }, (_, at) => at + 1)
  return Object.fromEntries(versions.map((from) => [from, (saved: Chosen) => migrate(from, saved)]))
}

type Migration = (saved: object) => object | undefined
