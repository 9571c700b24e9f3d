import { InvalidArgumentError } from 'commander'

/** `60x` is 60, `max` is Infinity. For an option. */
export const parseSpeed = (text: string): number => {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const [, factor] = /^(\d+(?:\.\d+)?)x$/.exec(text) ?? []
  if (factor !== undefined && Number(factor) > 0) return Number(factor)
  throw new InvalidArgumentError('Give how many times faster than recorded, like 1x or 60x, or max.')
}
