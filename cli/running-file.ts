import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writePrivateFile } from './private-file.ts'
import { processCommand } from './process-command.ts'

/** Where a running tidemark can be reached. Kept in its data folder, for the other commands to find it. */
export interface Running {
  readonly pid: number
  /** Its command line: another process that got the same id has another one. */
  readonly command: string
  /** `mqtt://host:port` */
  readonly mqtt: string
  /** `nats://user:password@host:port`, or as NATS_URL says it. */
  readonly nats: string
  /** The JetStream stream it publishes to; not there in the file of an earlier version. */
  readonly stream?: string
}

export const runningFile = (dataFolder: string): string => join(dataFolder, 'running.json')

/** Says that this process serves `dataFolder` now. */
export const writeRunning = (
  dataFolder: string,
  addresses: Pick<Running, 'mqtt' | 'nats' | 'stream'>,
): void => {
  const running: Running = { pid: process.pid, command: processCommand(process.pid) ?? '', ...addresses }
  writePrivateFile(runningFile(dataFolder), `${JSON.stringify(running)}\n`)
}

export const removeRunning = (dataFolder: string): void => rmSync(runningFile(dataFolder), { force: true })

/**
 * The tidemark that serves `dataFolder`, or undefined when none does: what a killed one left is ignored.
 * @throws Error with the remedy when the file is there and cannot be read: it belongs to another user.
 */
export const readRunning = (dataFolder: string): Running | undefined => {
  const file = runningFile(dataFolder)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new Error(
      `"${resolve(file)}", which has the addresses and the NATS password, cannot be read (${code}): run this ` +
        'command as the user that runs tidemark, or name another folder with --data',
    )
  }
  try {
    const running = JSON.parse(text) as Running
    return processCommand(running.pid) === running.command ? running : undefined
  } catch {
    return undefined
  }
}
