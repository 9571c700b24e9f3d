/** A line without what differs from run to run: ids, numbers, times, how wide a column is. */
const shapeOf = (line: string): string =>
  line
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]+/g, '#')
    .replace(/\d+(?:[.,:T-]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * The first line of what is shown that is not in what was printed, in that order; undefined when all are.
 * Lines are compared in shape. `…` stands for anything, also for several lines.
 */
export const missingLine = (shown: string, printed: string): string | undefined => {
  const lines = printed.split('\n').map(shapeOf)
  let from = 0
  for (const line of shown.split('\n')) {
    const shape = shapeOf(line)
    if (shape === '' || shape === '…') continue
    const pattern = new RegExp(`^${shape.split('…').map(escaped).join('.*')}$`)
    const at = lines.findIndex((each, index) => index >= from && pattern.test(each))
    if (at === -1) return line
    from = at + 1
  }
  return undefined
}
