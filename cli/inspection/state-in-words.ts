import { inspect } from 'node:util'
import { plainText } from '../../dashboards/terminal/plain-text.ts'

const longest = 200
const mostElements = 8

/** A state on one line: long arrays with how many more they have, and no more of all than a person reads. */
export const stateInWords = (state: unknown): string => {
  const text = plainText(
    inspect(state, {
      depth: null,
      compact: true,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: mostElements,
      maxStringLength: longest,
    }),
  )
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
