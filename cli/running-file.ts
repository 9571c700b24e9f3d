import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processCommand } from './process-command.ts'

/** Where a running tidemark can be reached. Kept in its data folder, for the other commands to find it. */
export interface Running {
  readonly pid: number
  /** Its command line: another process that got the same id has another one. */
  readonly command: string
  /** `mqtt://host:port` */
  readonly mqtt: string
  /** `nats://host:port` */
  readonly nats: string
}

export const runningFile = (dataFolder: string): string => join(dataFolder, 'running.json')

/** Says that this process serves `dataFolder` now. */
export const writeRunning = (dataFolder: string, addresses: Pick<Running, 'mqtt' | 'nats'>): void => {
  const running: Running = { pid: process.pid, command: processCommand(process.pid) ?? '', ...addresses }
  const file = runningFile(dataFolder)
  writeFileSync(`${file}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export const removeRunning = (dataFolder: string): void => rmSync(runningFile(dataFolder), { force: true })

/** The tidemark that serves `dataFolder`, or undefined when none does: what a killed one left is ignored. */
export const readRunning = (dataFolder: string): Running | undefined => {
  let running: Running
  try {
    running = JSON.parse(readFileSync(runningFile(dataFolder), 'utf8')) as Running
  } catch {
    return undefined
  }
  return processCommand(running.pid) === running.command ? running : undefined
}
