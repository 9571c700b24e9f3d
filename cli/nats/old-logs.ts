import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Deletes all logs that the server in `folder` has rotated, except the newest. The server keeps them all
 * before version 2.10, and any client can make it write a line.
 */
export const removeOldLogs = (folder: string): void => {
  try {
    const rotated = readdirSync(folder).filter((name) => name.startsWith('nats.log.'))
    for (const name of rotated.sort().slice(0, -1)) rmSync(join(folder, name), { force: true })
  } catch {
    // A folder that cannot be used ends the server, and that is reported.
  }
}
