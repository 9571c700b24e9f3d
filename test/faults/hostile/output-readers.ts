import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { jetstream } from '@nats-io/jetstream'
import { readRunning } from '../../../cli/running-file.ts'
import { connectNats } from '../../../lib/nats/connect-nats.ts'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import { QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { finished, programBeside, spawnTypeScript } from '../../support/typescript-child.ts'
import { anomaly, eventOf } from './anomaly-event.ts'
import type { HostileFault } from './fault.ts'

/** Reads output late, stops reading it, and closes the terminal. */
export const outputReaders: HostileFault = {
  id: 'R6',
  what: 'output reaches a slow reader whole, start outlives its reader, and SIGHUP is an orderly end',
  async prove({ scale, progress }) {
    const devices = 2_001
    const waitMs = scale === 'small' ? 1_000 : 12_000
    const tidemark = await TidemarkProcess.start()
    try {
      await publishAsDevices(tidemark.port, devices)
      const { code, lines } = await listSlowly(tidemark.folder, waitMs)
      progress(`a reader that begins after ${waitMs} ms has read ${lines} of ${devices} lines`)

      tidemark.closeStdout()
      await publishAnomalies(tidemark.folder, 3)
      const notice = await tidemark.notice(/stdout can no longer be written/)
      const notices = tidemark.stderr.filter((line) => line.includes('stdout')).length
      const quiet = await QuietClient.connect({ port: tidemark.port })
      const before = performance.now()
      await wait(500)
      const { acknowledged } = quiet.latency(before)
      quiet.close()
      progress(`without its reader, start has acknowledged ${acknowledged} publishes`)

      const natsPort = Number(new URL(readRunning(tidemark.folder)!.nats).port)
      tidemark.signal('SIGHUP')
      const end = await tidemark.ended
      const natsHasEnded = await refusesConnections(natsPort)
      const isWhole = code === 0 && lines === devices
      const goesOn = notice !== undefined && notices === 1 && acknowledged > 0
      const endsInOrder = end.code === 0 && natsHasEnded
      const holds = isWhole && goesOn && endsInOrder
      return { holds, code, lines, notices, acknowledged, exitCode: end.code, natsHasEnded }
    } finally {
      await tidemark.remove()
    }
  },
}

const publishAsDevices = async (port: number, devices: number): Promise<void> => {
  const client = await FloodClient.connect(port, 'many-devices')
  const packets = packetBytes(devices, (number) => ({
    ...{ cmd: 'publish', topic: `v1/device-${number}/temperature`, payload: '71.4' },
    ...{ qos: 1, messageId: number + 1, dup: false, retain: false },
  }))
  await client.write(packets)
  await client.until(() => client.received[4] === devices)
  client.close()
}

/** `devices --json`, with nothing read of its output for `waitMs`. */
const listSlowly = async (
  folder: string,
  waitMs: number,
): Promise<{ readonly code: number | null; readonly lines: number }> => {
  const child = spawnTypeScript(main, ['devices', '--json', '--data', folder])
  await once(child.stdout!, 'readable')
  await wait(waitMs)
  const { code, stdout } = await finished(child)
  return { code, lines: stdout.split('\n').length - 1 }
}

const publishAnomalies = async (folder: string, count: number): Promise<void> => {
  const nats = await connectNats({ servers: readRunning(folder)!.nats, firstConnect: 'fail' })
  const connection = await nats.connection
  for (let published = 0; published < count; published++) {
    const since = anomaly.since + published
    await jetstream(connection).publish('anomaly.press-7.temperature', eventOf({ ...anomaly, since }))
  }
  await nats.close()
}

const refusesConnections = (port: number): Promise<boolean> =>
  connectNats({ servers: `nats://127.0.0.1:${port}`, firstConnect: 'fail' }).then(
    async (nats) => {
      await nats.close()
      return false
    },
    () => true,
  )

const main = programBeside(import.meta.url, '../../../cli/main')
