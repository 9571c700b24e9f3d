/**
 * Objects of one shape, taken apart column by column: numbers as one array of doubles, text that repeats as a
 * list and indices. What differs from the first object in shape is left to the general encoding.
 */
export interface Columns {
  readonly names: readonly string[]
  readonly columns: readonly Column[]
}

/** A column equal to the text given beside the objects is not written again. */
type Column = Float64Array | readonly unknown[] | RepeatedText | typeof sameAsBeside

interface RepeatedText {
  readonly texts: readonly string[]
  readonly indices: Uint8Array
}

const sameAsBeside = 0
const distinctTextsAtMost = 16

/** Undefined when the objects are not plain ones with the same fields in the same order. */
export function toColumns(objects: readonly unknown[], beside: readonly string[]): Columns | undefined {
  const first = objects[0]
  if (!isPlain(first)) return undefined
  const names = Object.keys(first)
  // Assigned on reading, this one would not become a field.
  if (names.includes('__proto__')) return undefined
  for (const object of objects) if (!isPlain(object) || !hasFields(object, names)) return undefined
  const rows = objects as readonly Record<string, unknown>[]
  return { names, columns: names.map((name) => toColumn(rows, name, beside)) }
}

/** Returns the function that puts the object of a row together. */
export function objectReader(
  { names, columns }: Columns,
  beside: readonly string[],
): (row: number) => unknown {
  const readers = columns.map((column) => readerOf(column, beside))
  return (row) => {
    const object: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index++) object[names[index]!] = readers[index]!(row)
    return object
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function hasFields(object: Record<string, unknown>, names: readonly string[]): boolean {
  let index = 0
  for (const name in object) if (name !== names[index++]) return false
  return index === names.length
}

function toColumn(rows: readonly Record<string, unknown>[], name: string, beside: readonly string[]): Column {
  const first = rows[0]![name]
  const column =
    typeof first === 'number'
      ? numbers(rows, name)
      : typeof first === 'string'
        ? isBeside(rows, name, beside)
          ? sameAsBeside
          : repeatedText(rows, name)
        : undefined
  return column ?? rows.map((row) => row[name])
}

function numbers(rows: readonly Record<string, unknown>[], name: string): Float64Array | undefined {
  const column = new Float64Array(rows.length)
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]![name]
    if (typeof value !== 'number') return undefined
    column[row] = value
  }
  return column
}

function isBeside(
  rows: readonly Record<string, unknown>[],
  name: string,
  beside: readonly string[],
): boolean {
  for (let row = 0; row < rows.length; row++) if (rows[row]![name] !== beside[row]) return false
  return true
}

function repeatedText(rows: readonly Record<string, unknown>[], name: string): RepeatedText | undefined {
  const texts: string[] = []
  const indices = new Uint8Array(rows.length)
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]![name]
    if (typeof value !== 'string') return undefined
    let index = texts.indexOf(value)
    if (index < 0) index = texts.push(value) - 1
    if (index === distinctTextsAtMost) return undefined
    indices[row] = index
  }
  return { texts, indices }
}

function readerOf(column: Column, beside: readonly string[]): (row: number) => unknown {
  if (column === sameAsBeside) return (row) => beside[row]
  if ('texts' in column) return (row) => column.texts[column.indices[row]!]
  return (row) => column[row]
}
