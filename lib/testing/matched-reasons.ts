import { Tagged } from './notation.ts'

/**
 * An expected reason that is left open, or that is a pattern and matches, is replaced by the reason given, so
 * that the rest can be compared as a whole.
 */
export const withReasonsOf = (outputs: readonly unknown[], expected: readonly unknown[]): unknown[] =>
  expected.map((value, index) => {
    const output = outputs[index]
    if (!(value instanceof Tagged && output instanceof Tagged && matches(value, output))) return value
    return new Tagged(value.tag, value.value, output.reason)
  })

const matches = ({ reason }: Tagged, output: Tagged): boolean =>
  reason === undefined || (reason instanceof RegExp && reason.test(String(output.reason)))
