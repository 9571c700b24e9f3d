import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { processCommand } from './process-command.ts'

/**
 * The process that listens on a TCP port, as `process 812 (mosquitto -c …)`; undefined where that cannot be
 * found out: on Linux of processes of another user, and on other systems.
 */
export const portHolder = (port: number): string | undefined => {
  if (process.platform !== 'linux') return undefined
  const sockets = listeningSockets(port)
  const pid = processIds().find((each) => openFiles(each).some((file) => sockets.has(file)))
  return pid === undefined ? undefined : `process ${pid} (${shortened(processCommand(pid) ?? 'ended')})`
}

/** As the links in /proc/PID/fd name them. */
const listeningSockets = (port: number): ReadonlySet<string> => {
  const sockets = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readOrEmpty(table).split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === listening && local?.endsWith(`:${hex(port)}`)) sockets.add(`socket:[${inode}]`)
    }
  }
  return sockets
}

const listening = '0A'

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

const processIds = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const openFiles = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((file) => linkOf(`/proc/${pid}/fd/${file}`))
  } catch {
    return []
  }
}

/** A file may be closed between the listing and the look. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const shortened = (command: string): string => (command.length > 60 ? `${command.slice(0, 59)}…` : command)
