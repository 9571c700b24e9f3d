import { Command } from 'commander'
import { backupStore } from '../lib/state/copies/backup-store.ts'
import { commandName } from './command-name.ts'
import { copyProgress } from './copy-progress.ts'
import { existingStoreFolder } from './data-folder.ts'
import { examineData } from './examination/examine-store.ts'
import { megabytes } from './megabytes.ts'
import { dataOption, dataOptionFor, jsonOption } from './options/shared-options.ts'
import { standardOutput } from './output/standard-output.ts'

interface BackupOptions {
  readonly data: string
  readonly force?: boolean
  readonly json?: true
}

export const backupCommand = (): Command =>
  new Command('backup')
    .description('copy the store to a new folder, also while tidemark runs, and check the copy')
    .argument('<folder>', 'where the backup goes; it appears there when it is whole')
    .addOption(dataOption())
    .option('--force', 'replace an earlier backup at that place')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Everything of one moment: what the actors have learned, the journal, and what waits for NATS. What is
in NATS already is not part of it.

Examples:
  $ tidemark backup /backups/$(date +%F)
  $ tidemark backup /backups/latest --force --data /var/lib/tidemark`,
    )
    .action(backup)

const backup = async (folder: string, { data, force = false, json }: BackupOptions): Promise<void> => {
  const began = performance.now()
  const store = existingStoreFolder(data)
  await examineData(data)
  const progress = copyProgress()
  const made = await backupStore(store, folder, {
    force,
    onProgress: progress.show,
  }).finally(progress.clear)
  const seconds = Math.round(performance.now() - began) / 1_000
  if (json) {
    await standardOutput.print(JSON.stringify({ ...made, seconds }))
    return
  }
  const { path, rows, bytes, position } = made
  await standardOutput.print(
    `${path}: ${rows.toLocaleString('en-US')} rows, ${megabytes(bytes)}, up to position ${position}, ` +
      `each row read back, in ${seconds} s\n` +
      `to go back to it: ${commandName} restore ${folder}${dataOptionFor(data)}`,
  )
}
