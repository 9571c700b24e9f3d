import { deepStrictEqual } from 'node:assert/strict'
import { decode, encode } from '../state/rows/codec.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { freeze } from './freeze.ts'
import { withReasonsOf } from './matched-reasons.ts'
import type { Given } from './notation.ts'
import { type ProcessorOwner, ProcessorRun } from './processor-run.ts'

/** A way to run a case. All ways must come out the same. */
interface Way {
  readonly name: string
  run<In extends Timed, Out>(
    processor: Processor<In, Out>,
    owner: ProcessorOwner,
    given: readonly Given<In>[],
  ): readonly unknown[]
}

const carrying = (name: string, carry: (state: unknown) => unknown): Way => ({
  name,
  run(processor, owner, given) {
    const run = new ProcessorRun(processor, carry, owner)
    for (const step of given) run.take(step)
    return run.outputs
  },
})

const unchanged = (state: unknown): unknown => state

const ways: readonly Way[] = [
  carrying('with the state left in memory', unchanged),
  carrying('with the state copied before every step', (state) => structuredClone(state)),
  carrying('with the state saved and restored before every step', (state) => decode(encode(state))),
  {
    name: 'with a second actor of the same processor taking every step first',
    run(processor, owner, given) {
      const other = new ProcessorRun(processor, unchanged, owner)
      const run = new ProcessorRun(processor, unchanged, owner)
      for (const step of given) {
        other.take(step)
        run.take(step)
      }
      return run.outputs
    },
  },
]

/**
 * Checks a processor on a case, several times over: straight, with its state copied, and saved and restored,
 * before every event, timer and silence, and beside a second actor. So each test of what a processor does is
 * a test of its recovery too. Events are frozen: a processor that changes one is found out.
 *
 * ```ts
 * verifyProcessor(ordered())
 *   .given([at(12, 'b'), at(11, 'a'), watermark(12)])
 *   .expect([at(11, 'a'), at(12, 'b')])
 * ```
 *
 * `owner` is the key, and the sub-key, that the processor sees in its turn.
 *
 * Throws an AssertionError that names the way in which the outputs were others.
 */
export const verifyProcessor = <In extends Timed, Out>(
  processor: Processor<In, Out>,
  owner: ProcessorOwner = {},
) => ({
  given: (given: readonly Given<In>[]) => ({
    expect(expected: readonly unknown[]): void {
      for (const step of given) freeze(step)
      for (const { name, run } of ways) {
        const outputs = run(processor, owner, given)
        try {
          deepStrictEqual(outputs, withReasonsOf(outputs, expected))
        } catch (error) {
          if (error instanceof Error) error.message = `${name}: ${error.message}`
          throw error
        }
      }
    },
  }),
})
