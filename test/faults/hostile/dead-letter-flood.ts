import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { readRunning } from '../../../cli/running-file.ts'
import { type LeftOut, leftOutFeed } from '../../../dashboards/left-out-feed.ts'
import type { DeadLetter } from '../../../devices/wire/dead-letter.ts'
import { connectNats, type Nats } from '../../../lib/nats/connect-nats.ts'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { anomaly, eventOf } from './anomaly-event.ts'
import type { HostileFault } from './fault.ts'

/** Floods tidemark with publishes that cannot be read, restarts it and counts what the streams hold. */
export const deadLetterFlood: HostileFault = {
  id: 'R5',
  what: 'publishes that cannot be read evict no anomaly, and are few dead letters that count every one',
  async prove({ scale, progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-process-'))
    const since = Date.now()
    try {
      const publishes = await withTidemark(folder, async ({ port }, nats) => {
        const stream = jetstream(await nats.connection)
        for (let count = 0; count < anomalies; count++)
          await stream.publish('anomaly.press-7.temperature', eventOf(anomaly), { retries: 20 })
        return floodFor(scale === 'small' ? 1_000 : 20_000, port)
      })
      progress(`${publishes} publishes with a fault were acknowledged`)
      // What was counted when it ended was published then, or is now.
      return await withTidemark(folder, async (_, nats) => {
        const letters = await deadLettersOf(nats, since, publishes)
        const counted = countOf(letters)
        const longest = Math.max(...letters.map(({ payload }) => Buffer.from(payload, 'base64').length))
        const manager = await jetstreamManager(await nats.connection)
        const kept = (await manager.streams.info('tidemark')).state.messages
        const { config, state } = await manager.streams.info('tidemark-rejected')
        const isBounded =
          config.max_bytes <= 256 * 2 ** 20 && letters.length <= mostLetters && longest <= 1_024
        const holds = kept === anomalies && counted === publishes && publishes > letters.length && isBounded
        return { holds, publishes, counted, letters: letters.length, longest, bytes: state.bytes, kept }
      })
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    }
  },
}

const anomalies = 50

/** Of each of `limits.faultKinds` and of all other kinds: a first one, and a summary a minute begun. */
const mostLetters = 3 * 1_001

/** Runs a tidemark on `folder`, and ends it in order. */
const withTidemark = async <T>(
  folder: string,
  work: (tidemark: TidemarkProcess, nats: Nats) => Promise<T>,
): Promise<T> => {
  const tidemark = await TidemarkProcess.start({ folder })
  const nats = await connectNats({ servers: readRunning(folder)!.nats, firstConnect: 'fail' })
  try {
    return await work(tidemark, nats)
  } finally {
    await nats.close()
    await tidemark.stop()
    await tidemark.remove()
  }
}

const batchLength = 500
const batchesAhead = 8

/** Packets of publishes with QoS 1. */
const publishesOf = (count: number, topic: (number: number) => string, payload: string): Buffer =>
  packetBytes(count, (number) => ({
    ...{ cmd: 'publish', topic: topic(number), payload, qos: 1, messageId: number + 1 },
    ...{ dup: false, retain: false },
  }))

const textField = '{"temperature":71.4,"note":"checked"}'

/**
 * Two clients with garbage as fast as they are acknowledged, one of them on 5,000 topics, and one with a text
 * field a hundred times a second. Resolves with the number of publishes, once all are acknowledged.
 */
const floodFor = async (forMs: number, port: number): Promise<number> => {
  const garbage = [publishesOf(batchLength, () => 'v1/garbage/value', 'x'.repeat(5_000))]
  const topics = Array.from({ length: 10 }, (_, batch) =>
    publishesOf(batchLength, (number) => `v1/garbage-${batch}/${number}`, '{"broken":'),
  )
  const text = [publishesOf(1, () => 'v1/press-8', textField)]
  const clients = ['garbage', 'garbage-topics', 'text-field'].map((id) => FloodClient.connect(port, id))
  const [one, many, fields] = (await Promise.all(clients)) as [FloodClient, FloodClient, FloodClient]
  const end = performance.now() + forMs
  const counts = await Promise.all([
    publishUntil(end, one, garbage, batchLength),
    publishUntil(end, many, topics, batchLength),
    publishUntil(end, fields, text, 1, 10),
  ])
  return counts.reduce((sum, count) => sum + count)
}

/** Sends batch after batch of `length` publishes, some ahead of their PUBACKs, or one each `everyMs`. */
const publishUntil = async (
  end: number,
  client: FloodClient,
  batches: readonly Buffer[],
  length: number,
  everyMs = 0,
): Promise<number> => {
  let sent = 0
  for (let batch = 0; performance.now() < end; batch++) {
    await client.write(batches[batch % batches.length]!)
    sent += length
    const least = everyMs > 0 ? 0 : sent - batchesAhead * length
    await client.until(() => client.closed || client.received[4]! >= least)
    if (everyMs > 0) await wait(everyMs)
  }
  await client.until(() => client.closed || client.received[4]! >= sent)
  client.close()
  return client.received[4]!
}

/** The dead letters since a moment, until they stand for `publishes` or ten seconds are over. */
const deadLettersOf = async (
  nats: Nats,
  since: number,
  publishes: number,
): Promise<readonly DeadLetter[]> => {
  const letters: DeadLetter[] = []
  const feed = leftOutFeed(nats, { stream: 'tidemark', since }).subscribe(({ value }: LeftOut) =>
    letters.push(value as DeadLetter),
  )
  for (let waited = 0; countOf(letters) < publishes && waited < 10_000; waited += 50) await wait(50)
  feed.unsubscribe()
  return letters
}

const countOf = (letters: readonly DeadLetter[]): number =>
  letters.reduce((sum, { repeats }) => sum + (repeats?.count ?? 1), 0)
