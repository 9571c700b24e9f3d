import { spawn } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataBytes } from '../../lib/state/environment/environment.ts'
import { finishExchange } from '../../lib/state/environment/exchange-folder.ts'
import { StoreDamaged } from '../../lib/state/rows/frame.ts'
import { commandName } from '../command-name.ts'
import { storeFolder } from '../data-folder.ts'
import { dataOptionFor } from '../options/shared-options.ts'

/** What to do about a backup that is damaged. */
export const anotherCopy = 'If it is a backup, use another one'

/** Examines the store of a data folder. The remedy for damage is a backup of it. */
export const examineData = (data: string): Promise<void> =>
  examineStore(
    storeFolder(data),
    `To go back to a backup: ${commandName} restore <backup> --force${dataOptionFor(data)}`,
  )

/**
 * Has another process open the store in folder `path` and read its pages. LMDB trusts the structure of its
 * file: where that is damaged, the system ends the process that reads it, without a word.
 * @throws StoreDamaged with the reason and `remedy`.
 */
export const examineStore = async (path: string, remedy: string): Promise<void> => {
  finishExchange(path)
  if (dataBytes(path) === 0) return
  const reason = await damageOf(path)
  if (reason !== undefined) throw new StoreDamaged(`${reason.replace(/\.$/, '')}. ${remedy}`)
}

const damageOf = (path: string): Promise<string | undefined> => {
  const child = spawn(process.execPath, [...process.execArgv, examiner, path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let reason = ''
  child.stdout.on('data', (chunk) => {
    reason += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const crash = `store path "${path}": the data file is damaged: reading it ended a process with ${signal ?? code}`
      if (code === 0 && reason === '') resolve(undefined)
      else resolve(reason || crash)
    })
  })
}

/** Beside this module, and compiled when it is. */
const examiner = fileURLToPath(new URL(`examine${extname(import.meta.url)}`, import.meta.url))
