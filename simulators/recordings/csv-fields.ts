import { CsvError, parse } from 'csv-parse/sync'

/**
 * The fields of one line of CSV. A line is read by itself, so that a stray quote spoils its own line alone.
 * @throws Error in words when it is no CSV.
 */
export const csvFields = (text: string, delimiter: string): string[] => {
  // Hardly any line of measurements has a quote, and then nothing is left to parse.
  if (!text.includes('"')) return text.split(delimiter)
  try {
    return (parse(text, { delimiter, relax_column_count: true }) as string[][])[0] ?? []
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw new Error('a quote is opened here and never closed: close it, or double it')
    throw error
  }
}

/** What separates the fields of a header: the candidate that it has most of. */
export const delimiterOf = (header: string): string => {
  const count = (candidate: string): number => header.split(candidate).length
  return [',', ';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best))
}
