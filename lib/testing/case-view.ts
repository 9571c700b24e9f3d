import { Tagged } from './notation.ts'
import type { CaseRun } from './run-cases.ts'

/** What of the outputs a case is judged by. */
export class CaseView {
  private readonly view: (output: never) => unknown
  private readonly counts: (output: never) => boolean

  constructor(view: (output: never) => unknown, counts: (output: never) => boolean) {
    this.view = view
    this.counts = counts
  }

  /** Everything that counts, over all steps. */
  of({ outputs }: CaseRun): readonly unknown[] {
    return outputs.flatMap((step) => this.ofStep(step))
  }

  /** Index of the step that brought out output number `index` of those that count; the last for none. */
  stepOf({ outputs }: CaseRun, index: number): number {
    let seen = 0
    for (const [at, step] of outputs.entries()) {
      seen += this.ofStep(step).length
      if (seen > index) return at
    }
    return outputs.length - 1
  }

  private ofStep(outputs: readonly unknown[]): unknown[] {
    return outputs.flatMap((output) => {
      if (output instanceof Tagged) return [output]
      return this.counts(output as never) ? [this.view(output as never)] : []
    })
  }
}

const ofArrival = new Set(['provisional', 'withdrawn', 'revised'])

/** Everything but what says itself that it is about an order of arrival, by its field `status`. */
export const isConfirmed = (output: unknown): boolean =>
  !(
    typeof output === 'object' &&
    output !== null &&
    'status' in output &&
    ofArrival.has(output.status as string)
  )
