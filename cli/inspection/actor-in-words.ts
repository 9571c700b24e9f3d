import pc from 'picocolors'
import { momentInWords } from '../../dashboards/terminal/moment-in-words.ts'
import { plainText } from '../../dashboards/terminal/plain-text.ts'
import type { InspectedRow } from '../../lib/state/inspection/store-inspector.ts'
import { versionInWords } from '../../lib/time/state-version.ts'
import { stateInWords } from './state-in-words.ts'
import { versionsInWords } from './versions-in-words.ts'

/** The saved rows of the actors of this name, stage by stage, a line each. */
export const actorInWords = (actor: string, rows: readonly InspectedRow[]): string =>
  [
    ...[...new Set(rows.map(({ stage }) => stage))].flatMap((stage) =>
      stageInWords(
        actor,
        rows.filter((row) => row.stage === stage),
      ),
    ),
    pc.dim('whole states: --json'),
  ].join('\n')

const stageInWords = (actor: string, rows: readonly InspectedRow[]): string[] => {
  const { stage, position, watermark, lastEvent } = rows[0]!
  const lastSeen = lastEvent === 0 ? 'not known' : momentInWords(lastEvent)
  return [
    `${pc.bold(plainText(actor))} in ${plainText(stage)}  ` +
      pc.dim(`watermark ${momentInWords(watermark)}, last event ${lastSeen}, up to position ${position}`),
    ...rows.map((row) => `  ${rowInWords(row)}`),
  ]
}

const rowInWords = ({ step, subkey, version, bytes, state }: InspectedRow): string => {
  const name = [step, ...(subkey ? [subkey] : [])].map(plainText).join(' / ')
  const facts = `${versionsInWords({ [versionInWords(version)]: 1 })}, ${bytes} bytes`
  return `${pc.cyan(name)}  ${pc.dim(`${facts}:`)} ${stateInWords(state)}`
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
