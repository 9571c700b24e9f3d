import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Fills the broker with sockets that send nothing or half a CONNECT, and opens them again when closed. */
export const idleSockets: HostileFault = {
  id: 'R10',
  what: 'idle sockets, opened again as often as they are closed, keep no client out',
  async prove({ scale, progress }) {
    const rounds = scale === 'small' ? 2 : 20
    const tidemark = await TidemarkProcess.start()
    const { port } = tidemark
    const idle = new IdleSockets(port)
    const before = await QuietClient.connect({ port, clientId: 'before' })
    try {
      idle.fill(1_100)
      let longestConnectMs = 0
      let refused = 0
      for (let round = 1; round <= rounds; round++) {
        await wait(500)
        const since = performance.now()
        const client = await QuietClient.connect({ port, clientId: `round-${round}` })
        longestConnectMs = Math.max(longestConnectMs, performance.now() - since)
        let { acknowledged } = client.latency()
        for (let waited = 0; acknowledged < 5 && waited < patienceMs; waited += 50) {
          await wait(50)
          acknowledged = client.latency().acknowledged
        }
        if (!client.isConnected || acknowledged < 5) refused++
        client.close()
        progress(
          `round ${round}: ${idle.size} idle sockets, ${idle.closed} closed, ${acknowledged} acknowledged`,
        )
      }
      const { published, acknowledged, p99 } = before.latency()
      const isReported = tidemark.stderr.some((line) =>
        /without a CONNECT.*\(\d+ since the start\)/.test(line),
      )
      const { isRunning } = tidemark
      const isServed = before.isConnected && acknowledged > published / 2 && refused === 0
      const holds = isRunning && isServed && isReported && idle.closed > 0 && longestConnectMs < patienceMs
      return { holds, isRunning, isReported, refused, longestConnectMs, published, acknowledged, p99 }
    } finally {
      before.close()
      idle.close()
      await tidemark.remove()
    }
  },
}

/** A number of sockets that say next to nothing. */
class IdleSockets {
  /** How many the broker has closed. */
  closed = 0
  private readonly port: number
  private readonly sockets = new Set<Socket>()
  private isOver = false

  constructor(port: number) {
    this.port = port
  }

  get size(): number {
    return this.sockets.size
  }

  fill(count: number): void {
    for (let opened = 0; opened < count; opened++) this.open(opened)
  }

  close(): void {
    this.isOver = true
    for (const socket of this.sockets) socket.destroy()
  }

  private open(number: number): void {
    const socket = connect({ port: this.port, host: '127.0.0.1' })
    this.sockets.add(socket)
    socket.on('error', () => {})
    if (number % 2 === 0) socket.write(Buffer.from([0x10, 0x20]))
    socket.on('close', () => {
      this.sockets.delete(socket)
      if (this.isOver) return
      this.closed++
      setTimeout(() => {
        if (!this.isOver) this.open(number)
      }, reopenMs)
    })
  }
}

const reopenMs = 200

/** Less than a client waits for its CONNACK, and long enough for a machine that is busy with other tests. */
const patienceMs = 4_000
