import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where packages put servers, and where the PATH of an ordinary user often does not look. */
const serverFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']

/** Path of the nats-server program on this machine, or undefined when there is none. */
export const findNatsServer = (path = process.env['PATH'] ?? ''): string | undefined => {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...serverFolders]
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable)
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
