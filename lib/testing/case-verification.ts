import { isDeepStrictEqual } from 'node:util'
import type { Timed } from '../time/timed.ts'
import { swaps } from './arrival-orders.ts'
import { orderMatters, wrongResult } from './case-faults.ts'
import type { CaseView } from './case-view.ts'
import { withReasonsOf } from './matched-reasons.ts'
import type { Given } from './notation.ts'
import { restoringMatters } from './restoring-fault.ts'
import { type CaseRun, runCases } from './run-cases.ts'
import type { CaseSubject, Restoring } from './running-case.ts'
import { shrinkCase, simplifyOrder } from './shrink-case.ts'
import { firstDifference } from './step-trace.ts'

export interface CaseVerificationOptions<In extends Timed, Out> {
  readonly subject: CaseSubject<In, Out>
  readonly view: CaseView
  readonly mayForget: boolean
  readonly given: readonly Given<In>[]
  /** Orders of `given` to try, itself first. */
  readonly orders: readonly (readonly Given<In>[])[]
  /** How many of how many orders that is. */
  readonly words: string
}

/** One case in many orders and ways. The first that fails is made as small as it can be, and thrown. */
export class CaseVerification<In extends Timed, Out> {
  private readonly options: CaseVerificationOptions<In, Out>
  private runs: readonly CaseRun[] = []

  constructor(options: CaseVerificationOptions<In, Out>) {
    this.options = options
  }

  /** Runs every order without restoring anything. Must come first. */
  async straight(expect: readonly unknown[] | undefined): Promise<void> {
    const { subject, view, orders } = this.options
    this.runs = await runCases(subject, orders, { restoring: 'never' })
    const [first] = this.runs
    const reference = view.of(first!)
    if (expect !== undefined) {
      const expected = withReasonsOf(reference, expect)
      if (!isDeepStrictEqual(reference, expected)) {
        throw wrongResult(orders[0]!, expected, reference, (index) => view.stepOf(first!, index))
      }
    }
    const failing = orders.filter((_, index) => !isDeepStrictEqual(view.of(this.runs[index]!), reference))
    if (failing.length > 0) throw await this.orderFault(failing)
  }

  /** Runs every order again, with its actors restored between all steps. */
  async restored(restoring: Restoring): Promise<void> {
    const { subject, orders } = this.options
    const runs = await runCases(subject, orders, { restoring })
    const index = runs.findIndex((run, at) => this.differ(this.runs[at]!, run))
    if (index < 0) return
    const fails = async (candidates: readonly (readonly Given<In>[])[]): Promise<boolean[]> => {
      const straight = await runCases(subject, candidates, { restoring: 'never' })
      const others = await runCases(subject, candidates, { restoring })
      return straight.map((run, at) => this.differ(run, others[at]!))
    }
    const smallest = await shrinkCase(orders[index]!, fails)
    const [one] = await runCases(subject, [smallest], { restoring: 'never', inFull: true })
    const [other] = await runCases(subject, [smallest], { restoring, inFull: true })
    throw restoringMatters(smallest, restoring, one!, other!)
  }

  private differ(straight: CaseRun, restored: CaseRun): boolean {
    if (firstDifference(straight.records, restored.records) !== undefined) return true
    return !this.options.mayForget && !isDeepStrictEqual(straight.outputs, restored.outputs)
  }

  private async orderFault(failing: readonly (readonly Given<In>[])[]): Promise<Error> {
    const { subject, view, given, words } = this.options
    const nearest = failing.reduce((best, order) => (swaps(given, order) < swaps(given, best) ? order : best))
    const inOrder = (part: readonly Given<In>[]): readonly Given<In>[] => {
      const taken = new Set(part)
      return given.filter((step) => taken.has(step))
    }
    const results = async (orders: readonly (readonly Given<In>[])[]) =>
      (await runCases(subject, orders, { restoring: 'never' })).map((run) => view.of(run))
    const fails = async (candidates: readonly (readonly Given<In>[])[]): Promise<boolean[]> => {
      const wanted = await results(candidates.map(inOrder))
      const got = await results(candidates)
      return got.map((outputs, at) => !isDeepStrictEqual(outputs, wanted[at]))
    }
    const smallest = await simplifyOrder(await shrinkCase(nearest, fails), given, fails)
    const [wanted, got] = await results([inOrder(smallest), smallest])
    return orderMatters(inOrder(smallest), smallest, wanted!, got!, words)
  }
}
