import { Command, Option } from 'commander'
import { type RestoredStore, restoreStore } from '../lib/state/copies/restore-store.ts'
import { commandName } from './command-name.ts'
import { copyProgress } from './copy-progress.ts'
import { makeDataFolder, storeFolder } from './data-folder.ts'
import { anotherCopy, examineData, examineStore } from './examination/examine-store.ts'
import { existingBackup } from './existing-backup.ts'
import { megabytes } from './megabytes.ts'
import { dataOption, dataOptionFor, jsonOption, oneMore } from './options/shared-options.ts'
import { standardOutput } from './output/standard-output.ts'

interface RestoreOptions {
  readonly data: string
  readonly force?: boolean
  readonly takeOver: readonly string[]
  readonly json?: true
}

export const restoreCommand = (): Command =>
  new Command('restore')
    .description('put a backup in the place of the store, under an epoch of its own')
    .argument('<backup>', 'a folder that "tidemark backup" made')
    .addOption(dataOption())
    .option('--force', 'set the store aside that is there')
    .addOption(
      new Option('--take-over <epoch>', 'go on in the stream of another store that is gone; repeatable')
        .argParser(oneMore)
        .default([], 'none'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Readings acknowledged after the backup are not in it; what they caused may be in NATS already, and
stays. Nothing published from now on has an id that was used before. See docs/operations.md.

Examples:
  $ tidemark restore /backups/2026-03-01 --data /var/lib/tidemark
  $ tidemark restore /backups/latest --force`,
    )
    .action(restore)

const restore = async (
  backup: string,
  { data, force = false, takeOver, json }: RestoreOptions,
): Promise<void> => {
  const from = existingBackup(backup)
  await examineStore(from, anotherCopy)
  const isReadable = await examineData(data).then(
    () => true,
    () => false,
  )
  const progress = copyProgress()
  const restored = await restoreStore(from, storeFolder(makeDataFolder(data)), {
    force,
    takeOver,
    readReplaced: isReadable,
    onProgress: progress.show,
  }).finally(progress.clear)
  await standardOutput.print(json ? JSON.stringify(restored) : inWords(restored, dataOptionFor(data)))
}

const inWords = ({ path, rows, bytes, position, epoch, setAside }: RestoredStore, option: string): string =>
  [
    `${path}: ${rows.toLocaleString('en-US')} rows, ${megabytes(bytes)}, each read back, up to position ${position}`,
    `its epoch is ${epoch}: what it publishes from now on shares no id with what was published before`,
    ...(setAside
      ? [`the store that was there is in ${setAside}; remove it when it is not needed any more`]
      : []),
    `now: ${commandName} start${option}`,
  ].join('\n')
