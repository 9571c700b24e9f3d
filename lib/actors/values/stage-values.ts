import { valuesStage } from '../../state/reserved-stages.ts'
import { decode, encode } from '../../state/rows/codec.ts'
import { keyHash } from '../../state/rows/key-hash.ts'
import type { Session } from '../session.ts'
import { ValueVersions } from './value-versions.ts'
import type { ValueReader } from './versioned-value.ts'

/** Under which the versions of values are found in the journal: they belong to no actor. */
const hash = keyHash('')

/** What the journal keeps of a version. */
interface JournaledVersion {
  readonly name: string
  readonly value: unknown
}

/**
 * The values that the actors of one stage read. A version is an entry of the journal, and in force from there
 * on: a turn reads by its position, so that it reads the same whenever it is repeated.
 */
export class StageValues implements ValueReader {
  readonly names: readonly string[]
  private readonly stage: string
  private readonly session: Session
  private readonly values = new Map<string, ValueVersions>()
  /** Of the turn at hand: after everything, but in a replay. */
  private position = Number.POSITIVE_INFINITY

  constructor(stage: string, names: readonly string[], session: Session) {
    this.stage = stage
    this.names = names
    this.session = session
    if (names.length === 0) return
    const { states } = session.store.readActor(valuesStage, stage)
    for (const name of names) {
      const saved = states.find(({ step }) => step === name)?.bytes
      this.values.set(name, new ValueVersions(session.store, stage, name, saved))
    }
    this.readJournal()
  }

  /** Whether every value has a version. */
  get isComplete(): boolean {
    return this.names.every((name) => this.has(name))
  }

  has(name: string): boolean {
    return this.values.get(name)?.last !== undefined
  }

  check(name: string): void {
    if (this.values.has(name)) return
    const known = this.names.map((one) => `"${one}"`).join(', ') || 'none'
    throw new Error(
      `Stage "${this.stage}" has no value "${name}", it has ${known}: name it in the option \`values\` of actors()`,
    )
  }

  read(name: string): unknown {
    const version = this.values.get(name)?.inForceAt(this.position)
    if (!version)
      throw new Error(`No version of the value "${name}" was in force at position ${this.position}`)
    return version[1]
  }

  /** Runs `turn` as it was at `position`. */
  at(position: number, turn: () => void): void {
    this.position = position
    try {
      turn()
    } finally {
      this.position = Number.POSITIVE_INFINITY
    }
  }

  /** Takes a new version, in force from now on. One that equals the last is none. */
  put(name: string, value: unknown, arrival: number): void {
    const { commit, checkpoints } = this.session
    const versions = this.values.get(name)!
    const bytes = encode(value)
    if (versions.last && Buffer.compare(bytes, encode(versions.last[1])) === 0) return
    // A copy, as a replay will be given: it stays as it is, whatever becomes of the original.
    const event: JournaledVersion = { name, value: decode(bytes) }
    const { stage } = this
    const position = commit.append({
      stage,
      actor: '',
      hash,
      kind: 'value',
      verdict: 'accepted',
      arrival,
      event,
    })
    versions.add(position, event.value)
    checkpoints.mark(versions, position)
  }

  private readJournal(): void {
    const { tail, commit, checkpoints } = this.session
    for (const entries of [tail.entriesOf(hash, 0), commit.entriesOf(hash, 0)]) {
      for (const { kind, stage, position, event } of entries) {
        if (kind !== 'value' || stage !== this.stage) continue
        const { name, value } = event as JournaledVersion
        const versions = this.values.get(name)
        if (!versions || position <= (versions.last?.[0] ?? 0)) continue
        versions.add(position, value)
        checkpoints.mark(versions, tail.start)
      }
    }
  }
}
