import { statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeFolders } from '../../lib/state/environment/make-folders.ts'
import { freePort, requireFreePort } from '../free-port.ts'
import { writePrivateFile } from '../private-file.ts'
import { endLeftoverNats } from './leftover-nats.ts'
import { natsConfig } from './nats-config.ts'
import { type NatsInfo, readNatsInfo } from './nats-info.ts'
import { launchNats, type NatsProcess, natsLogTail } from './nats-process.ts'
import { natsUserIn, saveNatsUrl } from './nats-user.ts'
import { removeOldLogs } from './old-logs.ts'

export interface ManagedNats {
  /** With the user that may publish and its password. Stays the same when the server is restarted. */
  readonly url: string
  /** Resolves with what the server says of itself when it is up; rejects when it does not start. */
  readonly ready: Promise<NatsInfo>
  /** Process id of the server that runs now. */
  readonly pid: number | undefined
  /** Ends the server and resolves when it has ended. */
  stop(): Promise<void>
}

export interface ManagedNatsOptions {
  /** Path of the nats-server program. */
  readonly program: string
  /** Where configuration, log, process id and store are kept. Made when missing; its user is the only one. */
  readonly folder: string
  /** 4222 unless given. */
  readonly port?: number
  /** Whether the next free port does as well when `port` is taken, as unless given. */
  readonly orNextPort?: boolean
  /** Called with a line for the operator when the server has died, and what is done about it. */
  readonly onNotice?: (line: string) => void
  /** Milliseconds between two looks at the server's health. */
  readonly checkEveryMs?: number
}

const firstPauseMs = 100
const longestPauseMs = 10_000
const startLimitMs = 60_000
const failuresTolerated = 3

/**
 * Launches a NATS server with JetStream as a child of this process, on loopback, with a store of its own.
 * Only the user in `url` may publish to it; a client without a user may subscribe. A server that dies or
 * falls silent is started again, with a pause that doubles each time. It has a process group of its own, so
 * that Ctrl-C reaches this process alone, which drains into the server before it ends it.
 */
export const launchManagedNats = async (options: ManagedNatsOptions): Promise<ManagedNats> => {
  const { program, port: preferred = 4222, orNextPort = true } = options
  const { onNotice = () => {}, checkEveryMs = 5_000 } = options
  const folder = resolve(options.folder)
  makeFolders(folder)
  const leftover = await endLeftoverNats(folder)
  if (leftover !== undefined) onNotice(`ended the NATS server ${leftover} that an earlier run left behind`)
  const wanted = { port: preferred, option: '--nats-port', clients: 'NATS clients' }
  const port = orNextPort ? await freePort(preferred) : await requireFreePort(wanted)
  const name = `tidemark-${process.pid}-${port}`
  const user = natsUserIn(folder)
  const config = natsConfig({ name, port, folder, diskBytes: diskShare(folder), user })
  writePrivateFile(join(folder, 'nats.conf'), config)
  const url = saveNatsUrl(folder, user, port)

  const stopping = new AbortController()
  let server = launchNats(program, folder)
  const endWithParent = (): void => server.kill('SIGTERM')
  process.once('exit', endWithParent)

  const untilHealthy = async (): Promise<NatsInfo> => {
    for (let waited = 0; waited < startLimitMs && server.end === undefined; waited += 50) {
      const info = await readNatsInfo(port).catch(() => undefined)
      if (info?.serverName === name && info.jetstream) return info
      await wait(50)
    }
    const why = server.end ?? 'no answer'
    throw new Error(`nats-server does not start (${why}); the end of its log:\n${natsLogTail(folder)}`)
  }

  /** Resolves when the server has ended, by itself or, after several silences, by force. */
  const untilDead = async (): Promise<void> => {
    for (let failures = 0; server.end === undefined; ) {
      await Promise.race([pause(checkEveryMs, stopping.signal), server.ended])
      if (stopping.signal.aborted) return
      removeOldLogs(folder)
      const info = await readNatsInfo(port).catch(() => undefined)
      failures = info?.serverName === name ? 0 : failures + 1
      if (failures >= failuresTolerated) server.kill('SIGKILL')
    }
  }

  const watchOver = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; ; ) {
      const since = performance.now()
      await untilDead()
      if (stopping.signal.aborted) return
      if (performance.now() - since > longestPauseMs) pauseMs = firstPauseMs
      onNotice(`the NATS server ended (${server.end}); starting it again in ${pauseMs} ms`)
      await pause(pauseMs, stopping.signal)
      if (stopping.signal.aborted) return
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      server = launchNats(program, folder)
      const back = await untilHealthy().then(
        () => `the NATS server is back at port ${port}`,
        (error: Error) => error.message,
      )
      if (!stopping.signal.aborted) onNotice(back)
    }
  }

  const ready = untilHealthy()
  const watching = ready.then(watchOver, () => end(server))

  return {
    url,
    ready,
    get pid() {
      return server.pid
    },
    async stop() {
      stopping.abort()
      process.off('exit', endWithParent)
      await end(server)
      await watching
    },
  }
}

/** The same, up. */
export const startManagedNats = async (options: ManagedNatsOptions): Promise<ManagedNats> => {
  const server = await launchManagedNats(options)
  await server.ready.catch(async (error: unknown) => {
    await server.stop()
    throw error
  })
  return server
}

const end = async (server: NatsProcess): Promise<void> => {
  server.kill('SIGTERM')
  const force = setTimeout(() => server.kill('SIGKILL'), 3_000)
  await server.ended
  clearTimeout(force)
}

/** Ends early, and without an error, when `signal` is aborted. */
const pause = (forMs: number, signal: AbortSignal): Promise<void> =>
  wait(forMs, undefined, { signal }).catch(() => {})

/** A quarter of the disk, at most 8 GiB, and enough for the streams of anomalies and of rejected values. */
const diskShare = (folder: string): number => {
  const { blocks, bsize } = statfsSync(folder)
  return Math.max(1.5 * 2 ** 30, Math.min(8 * 2 ** 30, Math.floor((blocks * bsize) / 4)))
}
