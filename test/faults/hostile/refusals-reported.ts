import { setTimeout as wait } from 'node:timers/promises'
import { QuietClient } from '../../support/quiet-client.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { SmallDisk } from '../../support/small-disk.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/**
 * Causes each kind of refusal over and over, and a disk that fills up, and reads what the operator is shown
 * of them.
 */
export const refusalsReported: HostileFault = {
  id: 'R7',
  what: 'each kind of refusal is one line a minute with a count and the remedy, and locks no client out',
  async prove({ scale, progress }) {
    const rounds = scale === 'small' ? 1 : 20
    const disk = new SmallDisk(diskBytes)
    const tidemark = await TidemarkProcess.start({ folder: disk.folder, openFiles })
    const { port } = tidemark
    const quiet = await QuietClient.connect({ port })
    try {
      const lockedOut = new Set<string>()
      for (let round = 1; round <= rounds; round++) {
        for (const { kind, cause } of refusals) {
          await cause(port)
          if (!(await isServed(port, '1'))) lockedOut.add(kind)
        }
        if (round < rounds) await wait(500)
      }
      progress(`caused each refusal ${rounds * timesARound} times or more`)
      const isQuietServed = quiet.isConnected
      const lowDisk = disk.isMounted ? await fillAndClear(disk, tidemark, quiet) : undefined
      // What is counted when it ends is reported then.
      const { code } = await tidemark.stop()
      const unreported = refusals.filter(
        (refusal) => !isReported(refusal, tidemark.stderr, rounds * timesARound),
      )
      const wrong = unreported.map(({ kind }) => kind)
      const isLowDiskReported = lowDisk?.holds ?? true
      const holds =
        code === 0 && isQuietServed && lockedOut.size === 0 && wrong.length === 0 && isLowDiskReported
      return { holds, code, rounds, isQuietServed, lockedOut: [...lockedOut], wrong, lowDisk }
    } finally {
      quiet.close()
      await tidemark.remove()
      disk.remove()
    }
  },
}

interface CausedRefusal {
  readonly kind: string
  /** The line that reports it, up to the count. */
  readonly line: RegExp
  /** Causes it `timesARound` times or more. */
  readonly cause: (port: number) => Promise<void>
}

const mebibyte = 2 ** 20
const diskBytes = 160 * mebibyte
const openFiles = 400
const timesARound = 2

/** Connects `timesARound` times and does `work`, which ends with a closed connection. */
const repeatedly =
  (work: (port: number) => Promise<RawMqtt>) =>
  async (port: number): Promise<void> => {
    for (let time = 0; time < timesARound; time++) {
      const client = await work(port)
      await client.until(() => client.closed)
    }
  }

const refusals: readonly CausedRefusal[] = [
  {
    kind: 'protocol version',
    line: /^a client of 127\.0\.0\.1 was refused: it speaks MQTT 5; set it to MQTT 3\.1\.1/,
    cause: repeatedly((port) => RawMqtt.connect(port, 'modern', { protocolVersion: 5 })),
  },
  {
    kind: 'client id',
    line: /^client "x{60,}.* was refused: its client id has .* more than 64 bytes; choose another/,
    cause: repeatedly((port) => RawMqtt.connect(port, 'x'.repeat(65))),
  },
  {
    kind: 'packet too long',
    line: /^client "planner" .* a packet of \d+ bytes is longer than 65536; send less in one packet/,
    cause: repeatedly(async (port) => {
      const client = await RawMqtt.connect(port, 'planner')
      client.send({
        cmd: 'unsubscribe',
        messageId: 1,
        unsubscriptions: ['a'.repeat(40_000), 'b'.repeat(40_000)],
      })
      return client
    }),
  },
  {
    kind: 'oversize publish',
    line: /^client "camera" .* 100000 bytes makes a packet longer than 65536: send less in one publish/,
    async cause(port) {
      const client = await RawMqtt.connect(port, 'camera')
      for (let id = 1; id <= timesARound; id++) client.publish('v1/camera/image', Buffer.alloc(100_000), id)
      // A client that was not acknowledged would connect again and send it again, for ever.
      await client.until(() => client.acknowledged().length === timesARound)
      client.close()
    },
  },
  {
    kind: 'shared id',
    line: /^client "ESP32" .* has the id of another client, of 127\.0\.0\.1: .* give each an id of its own/,
    async cause(port) {
      const clients: RawMqtt[] = []
      for (let count = 0; count < timesARound + 3; count++) clients.push(await RawMqtt.connect(port, 'ESP32'))
      for (const client of clients) client.close()
    },
  },
  {
    kind: 'file descriptors',
    line: /^a client .* this process may open 400 files: raise that with ulimit -n, or LimitNOFILE of systemd/,
    async cause(port) {
      const sockets = await Promise.all(Array.from({ length: openFiles }, () => RawMqtt.open(port)))
      // The oldest are closed for those that follow.
      await Promise.all(sockets.slice(0, timesARound).map((socket) => socket.until(() => socket.closed)))
      for (const socket of sockets) socket.close()
    },
  },
]

/** Whether a new client is accepted, and its publish acknowledged. */
const isServed = async (port: number, payload: string): Promise<boolean> => {
  const client = await RawMqtt.connect(port, 'newcomer')
  client.publish('v1/newcomer/value', payload, 1)
  await client.until(() => client.closed || client.acknowledged().length === 1)
  const { closed } = client
  client.close()
  return !closed
}

/** Whether it is reported as it happens first and as it is summed up, and no more; with the whole count. */
const isReported = ({ line }: CausedRefusal, stderr: readonly string[], least: number): boolean => {
  const lines = stderr.filter((each) => line.test(each))
  const [first, last] = lines
  const count = Number(/\(\d+ within a minute, (\d+) since the start\)$/.exec(last ?? '')?.[1])
  return lines.length === 2 && first!.endsWith(' (1 since the start)') && count >= least
}

/** Fills the disk until PUBACKs stop, and makes room again. */
const fillAndClear = async (disk: SmallDisk, tidemark: TidemarkProcess, quiet: QuietClient) => {
  disk.fill(30 * mebibyte)
  const low = await tidemark.notice(/until there is room.*\(publishes that wait: \d+\)$/)
  const { acknowledged } = quiet.latency()
  await wait(300)
  const isStalled = quiet.latency().acknowledged === acknowledged
  disk.clear()
  const room = await tidemark.notice(/^the disk has room again/)
  let goesOn = false
  for (let waited = 0; !goesOn && waited < 5_000; waited += 50) {
    await wait(50)
    goesOn = quiet.latency().acknowledged > acknowledged
  }
  return {
    holds: low !== undefined && isStalled && room !== undefined && goesOn,
    low,
    isStalled,
    room,
    goesOn,
  }
}
