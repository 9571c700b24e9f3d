import { join } from 'node:path'
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

/**
 * The NATS server to publish to: the one NATS_URL names, else a child of this process with its store in
 * `data`, launched and not yet up. Installs nothing.
 * @throws Error that says how to install one when there is none.
 */
export const provideNats = async (
  data: string,
  onNotice: (line: string) => void,
  find = findNatsServer,
): Promise<ProvidedNats> => {
  const url = natsUrlOfEnvironment()
  if (url) return { url, isManaged: false, ready: Promise.resolve(), stop: async () => {} }
  const program = find()
  if (!program) throw new Error(howToGetNats(natsServerPackage()).join('\n'))
  const server = await launchManagedNats({ program, folder: join(data, 'nats'), onNotice })
  return { url: server.url, isManaged: true, ready: server.ready, stop: server.stop }
}
