import pc from 'picocolors'
import { lengthInWords } from '../../dashboards/terminal/length-in-words.ts'
import { momentInWords } from '../../dashboards/terminal/moment-in-words.ts'
import { plainText } from '../../dashboards/terminal/plain-text.ts'
import type { StoreInspection } from '../../lib/state/inspection/inspect-store.ts'
import type { JournalSize } from '../../lib/state/inspection/journal-size.ts'
import type { StageSize, StepSize } from '../../lib/state/inspection/stage-size.ts'
import { megabytes } from '../megabytes.ts'
import { versionsInWords } from './versions-in-words.ts'
import type { InspectedOutbox } from './with-waiting.ts'

export interface InspectedStore extends StoreInspection {
  readonly path: string
  readonly outboxes: readonly InspectedOutbox[]
}

export const inspectionInWords = (store: InspectedStore): string => {
  const { path, epoch, ancestors = [], format, fileBytes, freeBytes, position, databases } = store
  const strangers = databases.filter(({ isKnown }) => !isKnown)
  return [
    `${pc.bold(path)}  ${megabytes(fileBytes)}, ${megabytes(freeBytes)} of it free; format ${format}`,
    `epoch ${epoch}, up to position ${position}`,
    ...ancestors.map((ancestor) =>
      ancestor.upTo > 0
        ? `  restored: up to position ${ancestor.upTo} shared with store ${ancestor.epoch}`
        : `  in the place of store ${ancestor.epoch}`,
    ),
    ...(store.stages.length === 0 ? ['no actor has been saved yet'] : store.stages.flatMap(stageInWords)),
    `senders: ${counted(store.senders.rows)}, remembered with their last deliveries`,
    journalInWords(store.journal),
    ...(store.outboxes.length === 0 ? ['outbox: empty'] : store.outboxes.map(outboxInWords)),
    `databases: ${databases.map(({ name, rows }) => `${name} ${counted(rows)}`).join(', ')}`,
    ...strangers.map(({ name }) => `database "${name}" is not known to this version, and is left alone`),
  ].join('\n')
}

const stageInWords = ({ stage, actors, rows, bytes, steps, largest }: StageSize): string[] => [
  `${pc.bold(plainText(stage))}  ${counted(actors)} actors, ${counted(rows)} rows, ${megabytes(bytes)}`,
  ...steps.map((step) => `  step ${stepInWords(step)}`),
  ...(largest.length > 0 ? [pc.dim('  the largest:')] : []),
  ...largest.map(
    ({ actor, rows, bytes }) => `  ${plainText(actor)}  ${pc.dim(`${bytes} bytes in ${rows} rows`)}`,
  ),
]

const stepInWords = ({ step, rows, bytes, largestRow, versions }: StepSize): string => {
  const size = `${counted(rows)} rows, ${versionsInWords(versions)}, ${megabytes(bytes)}, at most ${largestRow} bytes`
  return `${plainText(step)}  ${pc.dim(size)}`
}

const journalInWords = ({ rows, entries, bytes, oldest, newest }: JournalSize): string =>
  oldest && newest
    ? `journal: ${counted(entries)} entries in ${counted(rows)} rows, ${megabytes(bytes)}, from position ` +
      `${oldest.position}, which arrived ${momentInWords(oldest.arrival)}, over ` +
      lengthInWords(Math.max(0, newest.arrival - oldest.arrival))
    : 'journal: empty'

const outboxInWords = ({ sink, rows, bytes, oldest, isWaiting }: InspectedOutbox): string =>
  `outbox ${plainText(sink)}: ${counted(rows)} rows, ${megabytes(bytes)}, from position ${oldest.position}, ` +
  (isWaiting ? 'not all of it confirmed' : 'all of it confirmed, kept until the server has synced')

const counted = (count: number): string => count.toLocaleString('en-US')
