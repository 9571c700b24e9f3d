import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { processCommand } from '../process-command.ts'

/**
 * Ends the server that a killed parent left behind in `folder`, so that never two servers share a store.
 * Resolves with its process id, or undefined when there was none.
 */
export const endLeftoverNats = async (folder: string): Promise<number | undefined> => {
  const pidFile = join(folder, 'nats.pid')
  const pid = readPid(pidFile)
  const isOurs = (): boolean =>
    pid !== undefined && (processCommand(pid)?.includes(join(folder, 'nats.conf')) ?? false)
  if (pid === undefined || !isOurs()) return undefined
  process.kill(pid, 'SIGTERM')
  for (let waited = 0; isOurs(); waited += checkEveryMs) {
    // The store survives a kill, and a server that hangs must not keep its successor waiting.
    if (waited === 5_000) process.kill(pid, 'SIGKILL')
    if (waited > 10_000) throw new Error(`the NATS server ${pid} in ${folder} does not end; end it by hand`)
    await wait(checkEveryMs)
  }
  rmSync(pidFile, { force: true })
  return pid
}

const checkEveryMs = 10

const readPid = (file: string): number | undefined => {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}
