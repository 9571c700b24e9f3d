import type { StateRow } from '../store.ts'
import { readStateKey } from './state-keys.ts'

type Named = Pick<StateRow, 'step' | 'subkey'>

interface Known {
  readonly end: Uint8Array
  readonly named: Named
}

/** Endings remembered: a behavior has few steps, and its devices mostly the same few metrics. */
const mostKnown = 16

/** Reads step and sub-key from the end of a state key. Most were read before, and then no text is made. */
export class StepNames {
  private readonly known: Known[] = []
  private oldest = 0

  /** @param start Where the actor has ended in `key`. */
  read(key: Uint8Array, start: number): Named {
    for (const { end, named } of this.known) if (endsWith(key, start, end)) return named
    const named = readStateKey(key, start)
    this.known[this.oldest] = { end: Uint8Array.from(key.subarray(start)), named }
    this.oldest = (this.oldest + 1) % mostKnown
    return named
  }
}

const endsWith = (key: Uint8Array, start: number, end: Uint8Array): boolean => {
  if (key.length - start !== end.length) return false
  for (let at = 0; at < end.length; at++) if (key[start + at] !== end[at]) return false
  return true
}
