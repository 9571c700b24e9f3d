import { rmSync } from 'node:fs'
import { Command } from 'commander'
import { connectAsync, type MqttClient } from 'mqtt'
import { json } from '../devices/formats/json.ts'
import { readingTopics } from '../devices/wire/reading-topic.ts'
import type { Duration } from '../lib/time/duration.ts'
import { RecordingWriter } from '../simulators/recordings/recording-writer.ts'
import { addressesFor, brokerOption } from './options/broker-option.ts'
import { parseLength } from './options/parse-length.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { standardOutput } from './output/standard-output.ts'
import { ProgressLine } from './progress-line.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface RecordOptions {
  readonly out: string
  readonly broker?: string
  readonly device?: string
  readonly for?: Duration
  readonly data: string
  readonly json?: true
}

export const recordCommand = (): Command =>
  new Command('record')
    .description('write what devices publish to a file, for tidemark replay')
    .requiredOption('-o, --out <file>', 'a new file that ends with .ndjson or .csv')
    .addOption(brokerOption())
    .option('--device <name>', 'only this device')
    .option('--for <length>', 'end after this long; without it, at Ctrl-C', parseLength)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ tidemark record --out monday.ndjson\n  $ tidemark record --out press-7.csv --device press-7 --for 10m\n',
    )
    .action(record)

const record = async (options: RecordOptions): Promise<void> => {
  const ended = untilEnd(options.for)
  const { mqtt: url } = addressesFor(options)
  const client = await connected(url)
  const writer = await RecordingWriter.create(options.out).catch((error: unknown) => {
    client.end(true)
    throw error
  })
  const format = json()
  const devices = new Set<string>()
  const line = new ProgressLine()
  let publishes = 0
  let unreadable = 0
  const failed = new Promise<never>((_, reject) => {
    client.on('message', (topic, payload) => {
      const { readings, faults } = format.on(topic).read(payload, Date.now())
      publishes++
      if (faults.length > 0) unreadable++
      try {
        for (const reading of readings) {
          if (options.device !== undefined && reading.device !== options.device) continue
          devices.add(reading.device)
          writer.write(reading)
        }
      } catch (error) {
        reject(error)
      }
      line.show(`${writer.written} readings of ${devices.size} devices in ${publishes} publishes`)
    })
  })
  // Subscribed for good: again after every reconnection.
  await client.subscribeAsync(readingTopics.map(patternOf), { qos: 1 })
  try {
    if (options.json)
      await standardOutput.print(JSON.stringify({ event: 'recording', broker: url, out: options.out }))
    else console.error(`recording what is published at ${url}; Ctrl-C ends`)
    await Promise.race([ended, failed])
  } finally {
    line.clear()
    await client.endAsync(true)
    await writer.close()
  }
  if (options.device !== undefined && writer.written === 0) {
    rmSync(options.out)
    throw new Error(
      `no reading of a device called ${JSON.stringify(options.device)} was published, so there is no ${options.out}: see "tidemark devices" for names`,
    )
  }
  const summary = { publishes, readings: writer.written, devices: devices.size, unreadable, out: options.out }
  await standardOutput.print(options.json ? JSON.stringify(summary) : inWords(summary))
}

const connected = (url: string): Promise<MqttClient> =>
  connectAsync(url, { protocolVersion: 4 }, false).then(
    (client) => client.on('error', () => {}),
    (error: Error) => {
      throw new Error(`no MQTT broker at ${url}: ${error.message}; start tidemark, or name one with --broker`)
    },
  )

/** `v1/{device}/{metric}` as MQTT says it. */
const patternOf = (topic: string): string => topic.replaceAll(/\{\w+\}/g, '+')

const untilEnd = (length: Duration | undefined): Promise<unknown> => {
  const interrupted = untilInterrupted()
  if (length === undefined) return interrupted
  return Promise.race([interrupted, new Promise((resolve) => setTimeout(resolve, length))])
}

const inWords = (summary: {
  readonly publishes: number
  readonly readings: number
  readonly devices: number
  readonly unreadable: number
  readonly out: string
}): string => {
  const { publishes, readings, devices, unreadable, out } = summary
  const bad = unreadable > 0 ? `\n${unreadable} publishes with something that could not be read` : ''
  return `${readings} readings of ${devices} devices, from ${publishes} publishes, in ${out}${bad}`
}
