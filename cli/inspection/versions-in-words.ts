/**
 * Which versions the rows of a step have, by how many rows are saved as each: `version 2`, or
 * `3 of version 1, 100 of version 2`. Of a composition, `1 (2, 1)`, the versions of its parts are left out.
 */
export const versionsInWords = (versions: Readonly<Record<string, number>>): string => {
  const rowsOf = new Map<string, number>()
  for (const [version, rows] of Object.entries(versions)) {
    const own = version.replace(/ .*/, '')
    rowsOf.set(own, (rowsOf.get(own) ?? 0) + rows)
  }
  const words =
    rowsOf.size === 1
      ? `version ${[...rowsOf.keys()]}`
      : [...rowsOf].map(([own, rows]) => `${rows.toLocaleString('en-US')} of version ${own}`).join(', ')
  return rowsOf.size === Object.keys(versions).length
    ? words
    : `${words}, with parts of different versions (--json has each)`
}
