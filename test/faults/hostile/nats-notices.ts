import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../../cli/free-port.ts'
import { startNatsServer } from '../../support/nats-server.ts'
import { TidemarkProcess, type TidemarkProcessOptions } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Starts beside a NATS server that answers, that refuses the credentials, and that says nothing. */
export const natsNotices: HostileFault = {
  id: 'R14',
  what: 'what start says about NATS is true: nothing of a server that answers, else the reason and the remedy',
  async prove({ scale, progress }) {
    const nats = await startNatsServer(['--user', 'ann', '--pass', 'secret'])
    try {
      const [fine, refused, silent] = await Promise.all([
        besideServer(`nats://ann:secret@${nats.address}`),
        besideRefusal(`nats://ann:wrong@${nats.address}`),
        scale === 'small' ? undefined : besideSilence(),
      ])
      progress('started with the right credentials, with wrong ones and beside a silent server')
      const isRefusalReported = /refused the credentials.*NATS_URL=nats:/.test(refused.notice ?? '')
      const isSecretHidden = ![...fine.stderr, refused.notice].join().includes('secret')
      const isSilenceReported = silent === undefined || silent < 6_000
      const holds =
        fine.isConnected &&
        fine.stderr.every((line) => line.includes('did not exist and was made')) &&
        !refused.isConnected &&
        isRefusalReported &&
        isSecretHidden &&
        isSilenceReported
      return { holds, fine, refused, isSecretHidden, silentForMs: silent }
    } finally {
      await nats.remove()
    }
  },
}

const besideServer = (url: string) =>
  running(url, async (tidemark, isConnected) => {
    await wait(500)
    return { isConnected, stderr: tidemark.stderr }
  })

const besideRefusal = (url: string) =>
  running(url, async (tidemark, isConnected) => {
    const notice = await tidemark.notice(/NATS/)
    return { isConnected, notice }
  })

/** Milliseconds from the first connection until the silence is reported. */
const besideSilence = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connected = once(server, 'connection').then(([socket]) => ({ socket, at: performance.now() }))
  const { port } = server.address() as { readonly port: number }
  const silentFor = await running(`nats://127.0.0.1:${port}`, async (tidemark) => {
    const { at } = await connected
    const notice = await tidemark.notice(/the NATS server at .* does not answer/, 10_000)
    return notice === undefined ? Number.POSITIVE_INFINITY : performance.now() - at
  })
  const { socket } = await connected
  socket.destroy()
  server.close()
  return silentFor
}

const running = async <T>(
  url: string,
  look: (tidemark: TidemarkProcess, isConnected: boolean) => Promise<T>,
): Promise<T> => {
  const options: TidemarkProcessOptions = { environment: { NATS_URL: url }, port: await nextPort() }
  const tidemark = await TidemarkProcess.start(options)
  try {
    const { natsIsConnected } = (await tidemark.started) as { readonly natsIsConnected?: boolean }
    return await look(tidemark, natsIsConnected === true)
  } finally {
    await tidemark.remove()
  }
}

/** Each process looks for a port among ten of its own: none listens yet when the next one looks. */
let next = 20_000 + (process.pid % 300) * 30
const nextPort = (): Promise<number> => {
  next += 10
  return freePort(next)
}
