import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPace } from '../actors/commit/pace.ts'
import { sessionOf } from '../actors/session.ts'
import { type LmdbStore, lmdbStore } from '../state/lmdb-store.ts'
import type { Timed } from '../time/timed.ts'
import { systemClock } from '../time/wall-clock.ts'
import { type Given, isEvent, WallTime } from './notation.ts'
import { type CaseSubject, type Restoring, RunningCase } from './running-case.ts'

/** What came of one case. */
export interface CaseRun {
  /** What each step brought out. */
  readonly outputs: readonly (readonly unknown[])[]
  /** What happened at the durable steps, over all the case. */
  readonly records: readonly unknown[]
  /** How many records there were after the history, and after each step. */
  readonly recordsAfter: readonly number[]
  /** Names of the durable steps. */
  readonly steps: readonly string[]
}

export interface CaseRunOptions {
  readonly restoring: Restoring
  /** Whether records are kept in full, to be shown. */
  readonly inFull?: boolean
}

/**
 * Runs cases through `actors` on LMDB in a folder of their own, all of them step by step: what they do in one
 * step is flushed together, and between two steps their actors are restored.
 */
export async function runCases<In extends Timed, Out>(
  subject: CaseSubject<In, Out>,
  cases: readonly (readonly Given<In>[])[],
  { restoring, inFull = false }: CaseRunOptions,
): Promise<readonly CaseRun[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-case-'))
  const run = new CasesRun(subject, cases, { restoring, inFull }, folder)
  try {
    return await Promise.race([run.whole(), run.failed])
  } finally {
    await run.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

class CasesRun<In extends Timed, Out> {
  readonly failed: Promise<never>
  private readonly folder: string
  private readonly restoring: Restoring
  private readonly cases: readonly (readonly Given<In>[])[]
  private readonly running: readonly RunningCase<In, Out>[]
  private readonly outputs: unknown[][][]
  private readonly recordsAfter: number[][]
  private store: LmdbStore
  private fail: (reason: Error) => void = () => {}

  constructor(
    subject: CaseSubject<In, Out>,
    cases: readonly (readonly Given<In>[])[],
    { restoring, inFull }: Required<CaseRunOptions>,
    folder: string,
  ) {
    this.folder = folder
    this.restoring = restoring
    this.cases = cases
    this.running = cases.map((steps, index) => {
      const start = startOf([...subject.history, ...steps])
      return new RunningCase(subject, { name: `case ${index}`, start, inFull, restoring })
    })
    this.outputs = cases.map(() => [])
    this.recordsAfter = cases.map(() => [])
    this.failed = new Promise((_, reject) => {
      this.fail = reject
    })
    this.failed.catch(() => {})
    this.store = lmdbStore(folder)
  }

  async whole(): Promise<readonly CaseRun[]> {
    this.begin()
    for (const each of this.running) each.remember()
    await this.settled()
    for (const [index, each] of this.running.entries()) {
      each.takeOutputs()
      this.recordsAfter[index]!.push(each.trace.records.length)
    }
    const length = Math.max(0, ...this.cases.map((steps) => steps.length))
    for (let at = 0; at < length; at++) {
      if (this.restoring === 'from the journal') await this.restart()
      await this.step(at)
    }
    return this.running.map(({ trace }, index) => ({
      outputs: this.outputs[index]!,
      records: trace.records,
      recordsAfter: this.recordsAfter[index]!,
      steps: trace.steps,
    }))
  }

  async end(): Promise<void> {
    for (const each of this.running) each.stop()
    await this.store.close()
  }

  private async step(at: number): Promise<void> {
    let open = this.cases.flatMap((steps, index) => {
      const step = steps[at]
      return step === undefined ? [] : [this.running[index]!.take(step)]
    })
    while (open.length > 0) {
      open = open.filter((step) => !step.next().done)
      await this.settled()
    }
    for (const [index, each] of this.running.entries()) {
      if (at >= this.cases[index]!.length) continue
      this.outputs[index]!.push(each.takeOutputs())
      this.recordsAfter[index]!.push(each.trace.records.length)
    }
  }

  private begin(): void {
    for (const each of this.running) each.start(this.store, this.fail)
  }

  /** What a killed process leaves: everything flushed, and no state saved but in its journal. */
  private async restart(): Promise<void> {
    await this.end()
    this.store = lmdbStore(this.folder)
    this.begin()
    await sessionOf(this.store, systemClock, defaultPace).replayed
  }

  /**
   * Flushes, and waits until what must be saved is saved and has left memory. Answers that lookups wait for
   * are awaited.
   */
  private async settled(): Promise<void> {
    for (;;) {
      await Promise.all(this.running.map((each) => each.flushed()))
      await sessionOf(this.store, systemClock, defaultPace).commit.flushed()
      const asked = this.running.flatMap(({ trace }) => [...trace.asked])
      if (asked.length === 0) return
      await Promise.allSettled(asked)
    }
  }
}

/** The earliest time that a case speaks of. */
const startOf = (steps: readonly Given<Timed>[]): number => {
  let start = Number.POSITIVE_INFINITY
  for (const step of steps) {
    if ((isEvent(step) || step instanceof WallTime) && step.time < start) start = step.time
  }
  return Number.isFinite(start) ? start : 0
}
