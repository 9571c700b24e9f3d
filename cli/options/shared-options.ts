import { Option } from 'commander'
import { plainText } from '../../dashboards/terminal/plain-text.ts'
import { wholeNumber } from './whole-number.ts'

/** Options that mean the same in every command. */
export const dataOption = (): Option =>
  new Option('-d, --data <folder>', 'where everything is kept').default(usualData).env('TIDEMARK_DATA')

/** The option as a person has to add it to another command, empty when that finds `data` by itself. */
export const dataOptionFor = (data: string): string => {
  if (data === (process.env['TIDEMARK_DATA'] || usualData)) return ''
  return ` --data ${shellWord(data)}`
}

/** As one word of a command line that a person pastes, whatever `text` holds. */
export const shellWord = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${plainText(text).replaceAll("'", "'\\''")}'`

export const takeOverOption = (): Option =>
  new Option(
    '--take-over <id>',
    'go on in a stream behind another store that is gone, or behind one message; repeatable',
  )
    .argParser(oneMore)
    .default([], 'none')

const usualData = 'tidemark-data'

export const jsonOption = (): Option => new Option('--json', 'one JSON object a line, for programs')

export const seedOption = (): Option =>
  new Option('--seed <number>', 'of the simulated plant: the same seed, the same plant')
    .argParser(wholeNumber(0))
    .default(1)

/** Of an option that may be given several times. */
export const oneMore = (text: string, before: readonly string[]): string[] => [...before, text]
