import { Option } from 'commander'
import { wholeNumber } from './whole-number.ts'

/** Options that mean the same in every command. */
export const dataOption = (): Option =>
  new Option('-d, --data <folder>', 'where everything is kept').default(usualData).env('TIDEMARK_DATA')

/** The option as a person has to add it to another command, empty when that finds `data` by itself. */
export const dataOptionFor = (data: string): string => {
  if (data === (process.env['TIDEMARK_DATA'] || usualData)) return ''
  return ` --data ${/^[\w./-]+$/.test(data) ? data : `'${data.replaceAll("'", "'\\''")}'`}`
}

const usualData = 'tidemark-data'

export const jsonOption = (): Option => new Option('--json', 'one JSON object a line, for programs')

export const seedOption = (): Option =>
  new Option('--seed <number>', 'of the simulated plant: the same seed, the same plant')
    .argParser(wholeNumber(0))
    .default(1)

/** Of an option that may be given several times. */
export const oneMore = (text: string, before: readonly string[]): string[] => [...before, text]
