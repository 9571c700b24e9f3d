/** An object of JSON, whose fields may hold anything. */
export type Fields = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === 'string'

/** Text as long as a name of a device or a metric may be: what a reader remembers of it stays bounded. */
export const isName = (value: unknown): value is string => isText(value) && value.length <= longestName

const longestName = 1_024

/** A finite number: JSON has no other, but a message may hold anything in its place. */
export const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** Epoch milliseconds that a calendar has. */
export const isMoment = (value: unknown): value is number => isNumber(value) && Math.abs(value) <= lastMoment

export const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T =>
  values.some((each) => each === value)

/** The farthest from 1970 that `Date` can hold. */
const lastMoment = 8.64e15
