import pc from 'picocolors'
import { plainText } from '../../dashboards/terminal/plain-text.ts'
import type { InspectedRow } from '../../lib/state/inspection/store-inspector.ts'
import { versionInWords } from '../../lib/time/state-version.ts'

/** The saved rows of one actor, state by state. */
export const actorInWords = (actor: string, rows: readonly InspectedRow[]): string => {
  const lines = [pc.bold(plainText(actor))]
  for (const row of rows) {
    const { stage, step, subkey, version, position, bytes, watermark, lastEvent } = row
    const name = [stage, step, ...(subkey ? [subkey] : [])].map(plainText).join(' / ')
    lines.push(
      `${pc.cyan(name)}  ${pc.dim(
        `version ${versionInWords(version)}, ${bytes} bytes, up to position ${position}, ` +
          `watermark ${momentInWords(watermark)}, last event ${lastEvent === 0 ? 'not known' : momentInWords(lastEvent)}`,
      )}`,
    )
    lines.push(JSON.stringify(plain(row.state), null, 2))
  }
  return lines.join('\n')
}

/** A row as JSON holds it. */
export const plainState = (row: InspectedRow): unknown => ({
  ...row,
  watermark: plain(row.watermark),
  state: plain(row.state),
})

/** What JSON has no words for in words of its own: a Map as pairs, a typed array as an array, NaN as text. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) return { map: [...value].map(([key, one]) => [plain(key), plain(one)]) }
  if (value instanceof Set) return { set: [...value].map(plain) }
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<number>, plain)
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}

const momentInWords = (time: number): string => {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? 'none yet' : date.toISOString()
}
