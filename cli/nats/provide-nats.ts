import { join } from 'node:path'
import { CommanderError } from 'commander'
import { natsUrlOfEnvironment } from '../options/nats-url.ts'
import { findNatsServer } from './find-nats-server.ts'
import { launchManagedNats } from './managed-nats.ts'
import { howToGetNats, natsServerPackage } from './nats-server-package.ts'

export interface ProvidedNats {
  readonly url: string
  readonly isManaged: boolean
  /** Resolves when a managed server is up, at once for another; rejects when it does not start. */
  readonly ready: Promise<unknown>
  stop(): Promise<void>
}

export interface ProvideNatsOptions {
  /** Called with a line for the operator when the server has died, and what is done about it. */
  readonly onNotice: (line: string) => void
  /** Port of a server that this process runs, and no other; 4222 or the next free one unless given. */
  readonly port?: number | undefined
  readonly find?: () => string | undefined
}

/**
 * The NATS server to publish to: the one NATS_URL names, else a child of this process with its store in
 * `data`, launched and not yet up. Installs nothing.
 * @throws Error with the remedy when there is none, or its port is taken.
 */
export const provideNats = async (
  data: string,
  { onNotice, port, find = findNatsServer }: ProvideNatsOptions,
): Promise<ProvidedNats> => {
  const url = natsUrlOfEnvironment()
  if (url && port !== undefined) throw new CommanderError(2, 'tidemark.natsPort', noServerToRun)
  if (url) return { url, isManaged: false, ready: Promise.resolve(), stop: async () => {} }
  const program = find()
  if (!program) throw new Error(howToGetNats(natsServerPackage()).join('\n'))
  const server = await launchManagedNats({
    ...{ program, folder: join(data, 'nats'), onNotice },
    ...(port === undefined ? {} : { port, orNextPort: false }),
  })
  return { url: server.url, isManaged: true, ready: server.ready, stop: server.stop }
}

const noServerToRun =
  '--nats-port is for the NATS server that tidemark runs, and NATS_URL names another: leave one of them out'
