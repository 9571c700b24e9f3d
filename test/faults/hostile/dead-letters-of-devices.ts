import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from 'nats'
import { startNatsServer } from '../../support/nats-server.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { finished, lineFrom, programBeside, spawnTypeScript } from '../../support/typescript-child.ts'
import type { HostileFault } from './fault.ts'

/** A dead letter in the stream. */
interface Found {
  readonly subject: string
  readonly event: { readonly subject?: string }
}

/** Publishes what cannot be read, the first of it larger than the NATS server takes a message. */
export const deadLettersOfDevices: HostileFault = {
  id: 'R14',
  what: 'dead letters are filed under their device, have no empty subject, and a large one holds up none',
  async prove({ progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'dead-letters-'))
    const config = join(folder, 'nats.conf')
    writeFileSync(config, 'max_payload: 1024')
    const nats = await startNatsServer(['-c', config])
    const client = await connect({ servers: nats.address })
    const url = `nats://${nats.address}`
    const tidemark = await TidemarkProcess.start({ environment: { NATS_URL: url } })
    const device = await RawMqtt.connect(tidemark.port, 'gateway')
    try {
      for (let number = 1; number <= 5; number++) device.publish('v1/press-9/power', '7', number)
      device.publish('v1/press-7/image', 'x'.repeat(2_000), 6)
      device.publish('v1/press-8/temperature', 'nan', 7)
      device.publish('elsewhere', '1', 8)
      const letters = await deadLetters(client, 3)
      progress(`found ${letters.length} of 3 dead letters`)
      const [shown, readings] = await Promise.all([
        firstOf('press-8', tidemark.folder),
        readingsOf('press-9', tidemark.folder),
      ])
      const reports = tidemark.stderr.filter((line) => line.includes('is not taken')).length
      const subjects = letters.map(({ subject }) => subject)
      const isFiled = letters.some(
        ({ subject, event }) => subject === 'dead.press-8' && event.subject === 'press-8',
      )
      const hasNoEmptySubject = letters.every(({ event }) => event.subject !== '')
      const isShown = shown.includes('v1/press-8/temperature')
      const holds =
        letters.length === 3 && isFiled && hasNoEmptySubject && isShown && readings === 5 && reports === 1
      return { holds, subjects, hasNoEmptySubject, shown, readings, reports }
    } finally {
      device.close()
      await client.close()
      await tidemark.remove()
      await nats.remove()
      rmSync(folder, { recursive: true })
    }
  },
}

/** All dead letters, once there are so many or after ten seconds. */
const deadLetters = async (client: NatsConnection, count: number): Promise<Found[]> => {
  const { streams } = await jetstreamManager(client)
  const stored = (): Promise<number> =>
    streams.info('tidemark-rejected').then(
      ({ state }) => state.messages,
      () => 0,
    )
  for (let waited = 0; waited < 10_000 && (await stored()) < count; waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const found: Found[] = []
  for (let seq = 1; seq <= (await stored()); seq++) {
    const message = await streams.getMessage('tidemark-rejected', { seq })
    if (message) found.push({ subject: message.subject, event: message.json<Found['event']>() })
  }
  return found
}

/** The first line of `tail --left-out --device`. */
const firstOf = async (device: string, folder: string): Promise<string> => {
  const args = ['tail', '--left-out', '--since', '1h', '--device', device, '--data', folder]
  const tail = spawnTypeScript(main, args)
  try {
    return await lineFrom(tail, '')
  } finally {
    tail.kill('SIGKILL')
  }
}

const readingsOf = async (device: string, folder: string): Promise<number> => {
  const { stdout } = await finished(spawnTypeScript(main, ['devices', device, '--json', '--data', folder]))
  const { metrics } = JSON.parse(stdout) as { readonly metrics: readonly { readonly readings: number }[] }
  return metrics[0]?.readings ?? 0
}

const main = programBeside(import.meta.url, '../../../cli/main')
