/**
 * The number in a field of a recording, true and false as 1 and 0. Undefined for a gap, where nothing was
 * measured: an empty field, null, NA or NaN. NaN for what is neither.
 *
 * @param decimalComma Whether `21,5` is a number, as in files whose fields are separated by something else.
 */
export const recordedNumber = (field: unknown, decimalComma: boolean): number | undefined => {
  if (typeof field === 'number') return field
  if (field === null || field === undefined) return undefined
  if (typeof field === 'boolean') return Number(field)
  if (typeof field !== 'string') return Number.NaN
  const text = field.trim()
  if (gap.test(text)) return undefined
  if (decimal.test(text)) return Number(text)
  if (decimalComma && withComma.test(text)) return Number(text.replace(',', '.'))
  return /^(true|false)$/i.test(text) ? Number(/^t/i.test(text)) : Number.NaN
}

const gap = /^(?:|na|n\/a|nan|null|none)$/i
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const withComma = /^[+-]?\d+,\d+$/
