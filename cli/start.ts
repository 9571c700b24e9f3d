import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { absenceFeed } from '../dashboards/absence-feed.ts'
import { anomalyFeed } from '../dashboards/anomaly-feed.ts'
import { absenceLine } from '../dashboards/terminal/absence-line.ts'
import { episodeLine } from '../dashboards/terminal/episode-line.ts'
import { openingsOnly } from '../dashboards/terminal/openings-only.ts'
import { shownAddress } from '../lib/nats/server-address.ts'
import { type Duration, minutes } from '../lib/time/duration.ts'
import { banner } from './banner.ts'
import { builtInPlant, playBuiltInPlant, sensorsOf } from './built-in-plant.ts'
import { commandName } from './command-name.ts'
import { crashAt } from './crash-at.ts'
import { makeDataFolder, storeFolder, streamName } from './data-folder.ts'
import { failureInWords } from './failure-in-words.ts'
import { openInstance } from './open-instance.ts'
import { parseLength } from './options/parse-length.ts'
import { parseRetain } from './options/parse-retain.ts'
import {
  dataOption,
  dataOptionFor,
  jsonOption,
  seedOption,
  takeOverOption,
} from './options/shared-options.ts'
import { wholeNumber } from './options/whole-number.ts'
import { endProcess, standardOutput } from './output/standard-output.ts'
import { untilInterrupted } from './until-interrupted.ts'
import { version } from './version.ts'

interface StartOptions {
  readonly data: string
  readonly port: number
  readonly simulate: boolean
  readonly absentAfter: Duration
  readonly retain: readonly string[]
  readonly takeOver: readonly string[]
  readonly seed: number
  readonly json?: true
}

/**
 * An orderly end that takes longer is given up: what was acknowledged is on the disk, the rest comes again.
 */
const drainLimitMs = 4_700

export const startCommand = (): Command =>
  new Command('start')
    .description('run everything: MQTT broker, device actors, NATS server, and a simulated plant')
    .addOption(
      new Option('-p, --port <number>', 'MQTT port; without this option the next free one if 1883 is taken')
        .argParser(wholeNumber(1, 65_535))
        .default(1883)
        .env('TIDEMARK_PORT'),
    )
    .addOption(dataOption())
    .option('--no-simulate', 'without the simulated plant')
    .addOption(
      new Option('--absent-after <length>', 'report a device that has been silent for so long, or never')
        .argParser((text) => (text === 'never' ? Number.POSITIVE_INFINITY : parseLength(text)))
        .default(minutes(5), '5m'),
    )
    .addOption(
      new Option('--retain <filter>', 'keep retained messages of these MQTT topics; repeatable')
        .argParser(parseRetain)
        .default([], 'none'),
    )
    .addOption(takeOverOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ tidemark start
  $ tidemark start --no-simulate --data /var/lib/tidemark
  $ tidemark start --retain 'v1/+/status' --retain 'config/#'
  $ NATS_URL=nats://127.0.0.1:4222 tidemark start

NATS_URL names the NATS server to publish to; without it tidemark runs one of its own.`,
    )
    .action(start)

const start = async (options: StartOptions, command: Command): Promise<void> => {
  const { data, port, simulate, absentAfter, retain, takeOver, seed, json } = options
  const armed = process.env['TIDEMARK_CRASH_AT']
  if (armed) crashAt(armed)
  const onNotice = (line: string): void => console.error(json ? line : pc.dim(line))
  const interrupted = untilInterrupted()
  const lastRun = lastWrite(makeDataFolder(data))
  const since = Date.now()

  const instance = await openInstance({
    data,
    port,
    // Devices have the port in their settings: one that was asked for is not exchanged.
    orNextPort: command.getOptionValueSource('port') === 'default',
    absentAfter,
    retain,
    takeOver,
    onNotice,
  })
  const simulated = simulate ? builtInPlant(seed, Date.now(), lastRun) : undefined
  const facts = {
    version: version(),
    mqtt: instance.mqtt,
    nats: shownAddress(instance.natsUrl),
    stream: streamName,
    natsIsManaged: instance.natsIsManaged,
    data: instance.data,
    simulatedSensors: simulated ? sensorsOf(simulated) : 0,
    command: commandName,
    dataOption: dataOptionFor(data),
  }
  // Devices do not depend on the reader of this output: it may be slow, and it may end.
  const print = (line: string): void => void standardOutput.print(line).catch(() => {})
  print(json ? JSON.stringify({ event: 'started', ...facts }) : banner(facts))

  const isNews = openingsOnly()
  const wanted = { stream: streamName, since, report: onNotice, room: () => standardOutput.room }
  const feed = anomalyFeed(instance.nats, wanted).subscribe((anomaly) => {
    if (!isNews(anomaly)) return
    print(json ? JSON.stringify({ event: 'anomaly', ...anomaly }) : episodeLine(anomaly))
  })
  feed.add(
    absenceFeed(instance.nats, wanted).subscribe((absence) =>
      print(json ? JSON.stringify({ event: 'absence', ...absence }) : absenceLine(absence)),
    ),
  )
  void standardOutput.lost.then(({ message }) => {
    feed.unsubscribe()
    onNotice(`stdout can no longer be written (${message}): running without it; ${tailAdvice(data)}`)
  })
  const stopPlant = new AbortController()
  const played = simulated
    ? playBuiltInPlant(simulated, instance.mqtt.port, stopPlant.signal, onNotice).catch((error: Error) =>
        onNotice(`simulator: ${error.message}`),
      )
    : undefined

  const failure = await Promise.race([interrupted, instance.ended]).then(() => '', failureInWords)
  if (failure) console.error(pc.red(`ending: ${failure}`))
  else if (!json) console.error(pc.dim('\nfinishing what was taken; Ctrl-C again to end at once'))
  const limit = setTimeout(() => {
    console.error('not finished in time; nothing acknowledged is lost, the next start goes on with it')
    void endProcess(1)
  }, drainLimitMs)
  stopPlant.abort()
  await played
  feed.unsubscribe()
  await instance.close()
  clearTimeout(limit)
  // Throws what ended it, if anything did.
  await instance.ended
  if (!json) console.error(pc.dim(`ended; everything is kept in ${instance.data}`))
}

const tailAdvice = (data: string): string => `anomalies: ${commandName} tail${dataOptionFor(data)}`

/** When the store was last written, or undefined when there is none. */
const lastWrite = (data: string): number | undefined =>
  statSync(join(storeFolder(data), 'data.mdb'), { throwIfNoEntry: false })?.mtimeMs
