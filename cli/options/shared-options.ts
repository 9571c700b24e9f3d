import { Option } from 'commander'
import { wholeNumber } from './whole-number.ts'

/** Options that mean the same in every command. */
export const dataOption = (): Option =>
  new Option('-d, --data <folder>', 'where everything is kept').default('tidemark-data').env('TIDEMARK_DATA')

export const jsonOption = (): Option => new Option('--json', 'one JSON object a line, for programs')

export const seedOption = (): Option =>
  new Option('--seed <number>', 'of the simulated plant: the same seed, the same plant')
    .argParser(wholeNumber(0))
    .default(1)
