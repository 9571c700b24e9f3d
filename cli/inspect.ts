import { Command } from 'commander'
import { StoreInspector } from '../lib/state/inspection/store-inspector.ts'
import { existingStoreFolder } from './data-folder.ts'
import { anotherCopy, examineData, examineStore } from './examination/examine-store.ts'
import { existingStore } from './existing-backup.ts'
import { actorInWords, plainState } from './inspection/actor-in-words.ts'
import { type InspectedStore, inspectionInWords } from './inspection/inspection-in-words.ts'
import { withWaiting } from './inspection/with-waiting.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { wholeNumber } from './options/whole-number.ts'
import { standardOutput } from './output/standard-output.ts'
import { ProgressLine } from './progress-line.ts'

interface InspectOptions {
  readonly data: string
  readonly actor?: string
  readonly largest: number
  readonly json?: true
}

export const inspectCommand = (): Command =>
  new Command('inspect')
    .description('show what is in a store: actors, steps, journal, outbox, sizes')
    .argument('[store]', 'a data folder, a store or a backup; the data folder unless given')
    .addOption(dataOption())
    .option('--actor <name>', 'the states of one actor, a line each; all of them with --json')
    .option('--largest <number>', 'how many of the largest actors to name', wholeNumber(0, 1_000), 10)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Only reads, also while tidemark runs.

Examples:
  $ tidemark inspect
  $ tidemark inspect --actor press-7
  $ tidemark inspect /backups/2026-03-01 --json`,
    )
    .action(inspect)

const inspect = async (
  given: string | undefined,
  { data, actor, largest, json }: InspectOptions,
): Promise<void> => {
  const path = given === undefined ? existingStoreFolder(data) : existingStore(given)
  await (given === undefined ? examineData(data) : examineStore(path, anotherCopy))
  const inspector = new StoreInspector(path)
  try {
    if (actor === undefined) {
      const store = inspectAll(path, inspector, largest)
      await standardOutput.print(json ? JSON.stringify(store) : inspectionInWords(store))
    } else {
      const rows = inspector.actor(actor)
      if (rows.length === 0) {
        throw new Error(
          `no actor named ${JSON.stringify(actor)} has been saved in ${path}; names are exact, and what arrived ` +
            'in the last seconds may still be in the journal alone',
        )
      }
      await standardOutput.print(
        json ? JSON.stringify({ actor, rows: rows.map(plainState) }) : actorInWords(actor, rows),
      )
    }
  } finally {
    await inspector.close()
  }
}

const inspectAll = (path: string, inspector: StoreInspector, largest: number): InspectedStore => {
  const line = new ProgressLine()
  const began = performance.now()
  // A small store is through before a line about it could be read.
  const onProgress = (rows: number, of: number): void => {
    if (performance.now() - began < 500) return
    line.show(`reading: ${rows.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} rows`)
  }
  const inspection = inspector.inspect({ largest, onProgress })
  line.clear()
  return { path, ...withWaiting(inspector, inspection) }
}
