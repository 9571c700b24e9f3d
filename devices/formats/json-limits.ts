/** What a JSON payload may contain at most. */
export interface JsonLimits {
  /** Objects within objects. */
  readonly depth: number
  /** Fields in all objects together. */
  readonly keys: number
  /** Commas, texts and escaped quotation marks in a payload longer than 1 kB: they bound arrays too. */
  readonly values: number
  /** Characters of a metric's flattened name. */
  readonly nameLength: number
  /** Magnitude of a value. */
  readonly magnitude: number
}

export const jsonLimits: JsonLimits = { depth: 8, keys: 256, values: 1_024, nameLength: 128, magnitude: 1e15 }
