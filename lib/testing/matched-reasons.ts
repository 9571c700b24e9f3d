import { Dead, Quarantined } from './notation.ts'

/** A pattern that matches the reason given is replaced by it, so that the rest can be compared as a whole. */
export const withReasonsOf = (outputs: readonly unknown[], expected: readonly unknown[]): unknown[] =>
  expected.map((value, index) => {
    const output = outputs[index]
    if (value instanceof Quarantined && output instanceof Quarantined && matches(value, output)) {
      return new Quarantined(value.event, output.reason)
    }
    if (value instanceof Dead && output instanceof Dead && matches(value, output)) {
      return new Dead(value.value, output.reason)
    }
    return value
  })

const matches = ({ reason }: { reason: string | RegExp }, output: { reason: string | RegExp }): boolean =>
  reason instanceof RegExp && reason.test(String(output.reason))
