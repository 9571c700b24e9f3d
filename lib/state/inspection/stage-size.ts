import { versionInWords } from '../../time/state-version.ts'
import { readRowVersion } from '../rows/state-row.ts'
import type { StateShapes } from '../rows/state-shapes.ts'

/** The actors of one stage, and what their states take. */
export interface StageSize {
  readonly stage: string
  readonly actors: number
  readonly rows: number
  readonly bytes: number
  readonly steps: readonly StepSize[]
  /** The actors with the most bytes, the largest first, and by name where they have as many. */
  readonly largest: readonly ActorSize[]
}

export interface StepSize {
  readonly step: string
  readonly rows: number
  readonly bytes: number
  /** Bytes of the largest row. */
  readonly largestRow: number
  /** Rows by the version that saved them, in words: an old one is rewritten when its actor changes next. */
  readonly versions: Readonly<Record<string, number>>
}

export interface ActorSize {
  readonly actor: string
  readonly rows: number
  readonly bytes: number
}

interface OpenStep {
  rows: number
  bytes: number
  largestRow: number
  readonly versions: Map<string, number>
}

/** Adds up the rows of a stage in the order of their keys. Holds no more than the largest actors. */
export class StageSummary {
  private readonly stage: string
  private readonly shapes: StateShapes
  private readonly limit: number
  private readonly steps = new Map<string, OpenStep>()
  private largest: ActorSize[] = []
  private current: { actor: string; rows: number; bytes: number } | undefined
  private actors = 0
  private rows = 0
  private bytes = 0

  /** @param limit Actors to name at the most. */
  constructor(stage: string, shapes: StateShapes, limit: number) {
    this.stage = stage
    this.shapes = shapes
    this.limit = limit
  }

  /** Adds the own row of an actor. */
  addActor(actor: string, row: Uint8Array): void {
    if (this.current?.actor !== actor) this.begin(actor)
    const current = this.current!
    current.rows++
    current.bytes += row.length
    this.rows++
    this.bytes += row.length
  }

  addState(actor: string, step: string, row: Uint8Array): void {
    this.addActor(actor, row)
    const sum = this.stepOf(step)
    sum.rows++
    sum.bytes += row.length
    sum.largestRow = Math.max(sum.largestRow, row.length)
    const version = versionInWords(readRowVersion(row, this.shapes))
    sum.versions.set(version, (sum.versions.get(version) ?? 0) + 1)
  }

  finish(): StageSize {
    this.rank()
    const { stage, actors, rows, bytes, largest } = this
    const steps = [...this.steps].map(([step, { versions, ...sums }]) => ({
      step,
      ...sums,
      versions: Object.fromEntries(versions),
    }))
    return { stage, actors, rows, bytes, steps, largest }
  }

  private begin(actor: string): void {
    this.rank()
    this.actors++
    this.current = { actor, rows: 0, bytes: 0 }
  }

  private rank(): void {
    const { current, largest, limit } = this
    this.current = undefined
    if (!current) return
    const place = largest.findIndex((other) => isLarger(current, other))
    largest.splice(place < 0 ? largest.length : place, 0, current)
    largest.length = Math.min(largest.length, limit)
  }

  private stepOf(step: string): OpenStep {
    let sum = this.steps.get(step)
    if (!sum) {
      sum = { rows: 0, bytes: 0, largestRow: 0, versions: new Map() }
      this.steps.set(step, sum)
    }
    return sum
  }
}

const isLarger = (one: ActorSize, other: ActorSize): boolean =>
  one.bytes > other.bytes || (one.bytes === other.bytes && one.actor < other.actor)
