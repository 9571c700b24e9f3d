import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { anomalySubjects } from '../devices/wire/anomaly-subject.ts'
import { subjectPrefix } from '../devices/wire/device-stream.ts'
import { shownAddress } from '../lib/nats/server-address.ts'
import { type Duration, minutes, seconds } from '../lib/time/duration.ts'
import { banner } from './banner.ts'
import { commandName } from './command-name.ts'
import { crashAt } from './crash-at.ts'
import { makeDataFolder, storeFolder } from './data-folder.ts'
import { failureInWords } from './failure-in-words.ts'
import { isReached } from './nats/is-reached.ts'
import { type Instance, openInstance } from './open-instance.ts'
import { parseLength } from './options/parse-length.ts'
import { parseRetain } from './options/parse-retain.ts'
import {
  dataOption,
  dataOptionFor,
  jsonOption,
  seedOption,
  takeOverOption,
} from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { wholeNumber } from './options/whole-number.ts'
import { endProcess, standardOutput } from './output/standard-output.ts'
import { untilInterrupted } from './until-interrupted.ts'
import { version } from './version.ts'

interface StartOptions {
  readonly data: string
  readonly port: number
  readonly natsPort?: number
  readonly simulate: boolean
  readonly absentAfter: Duration
  readonly retain: readonly string[]
  readonly stream?: string
  readonly takeOver: readonly string[]
  readonly seed: number
  readonly json?: boolean
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
    .addOption(
      new Option('--nats-port <number>', 'port of the NATS server it runs; else 4222 or the next free one')
        .argParser(wholeNumber(1, 65_535))
        .env('TIDEMARK_NATS_PORT'),
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
    .addOption(streamOption('else that of the last run, or tidemark'))
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
  $ NATS_URL=nats://127.0.0.1:4222 tidemark start --stream plant-2 --data plant-2-data

NATS_URL names the NATS server to publish to; without it tidemark runs one of its own. Two tidemarks that
share one need two data folders and two streams.`,
    )
    .action(start)

const start = async (options: StartOptions, command: Command): Promise<void> => {
  const { data, port, natsPort, absentAfter, retain, stream, takeOver, json } = options
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
    natsPort,
    absentAfter,
    retain,
    stream,
    takeOver,
    onNotice,
  })
  const over = Promise.race([interrupted, instance.ended]).then(() => '', failureInWords)
  const isReady = instance.ready.then(
    () => true,
    () => false,
  )
  const running =
    (await Promise.race([isReady, over])) === true
      ? await announce(instance, { ...options, lastRun, since, onNotice })
      : undefined
  const failure = await over
  if (failure) console.error(pc.red(`ending: ${failure}`))
  else if (!json) console.error(pc.dim('\nfinishing what was taken; Ctrl-C again to end at once'))
  const limit = setTimeout(() => {
    console.error('not finished in time; nothing acknowledged is lost, the next start goes on with it')
    void endProcess(1)
  }, drainLimitMs)
  await running?.stop()
  await instance.close()
  clearTimeout(limit)
  // Throws what ended it, if anything did.
  await instance.ended
  if (!json) console.error(pc.dim(`ended; everything is kept in ${instance.data}`))
}

interface Announced extends Pick<StartOptions, 'data' | 'simulate' | 'seed' | 'json'> {
  /** When the store was last written before, epoch milliseconds. */
  readonly lastRun: number | undefined
  /** When this run began, epoch milliseconds. */
  readonly since: number
  readonly onNotice: (line: string) => void
}

/** Prints that everything runs, and from then on what is published; plays the plant if there is to be one. */
const announce = async (
  instance: Instance,
  { data, simulate, seed, json = false, lastRun, since, onNotice }: Announced,
): Promise<{ stop(): Promise<void> }> => {
  const plant = simulate ? await import('./built-in-plant.ts') : undefined
  const simulated = plant?.builtInPlant(seed, Date.now(), lastRun)
  const facts = {
    version: version(),
    mqtt: instance.mqtt,
    nats: shownAddress(instance.natsUrl),
    stream: instance.stream,
    subjects: `${subjectPrefix(instance.stream)}${anomalySubjects}`,
    natsIsConnected: await isReached(instance.nats, seconds(1)),
    natsIsManaged: instance.natsIsManaged,
    data: instance.data,
    simulatedSensors: plant && simulated ? plant.sensorsOf(simulated) : 0,
    command: commandName,
    dataOption: dataOptionFor(data),
  }
  // Devices do not depend on the reader of this output: it may be slow, and it may end.
  void standardOutput
    .print(json ? JSON.stringify({ event: 'started', ...facts }) : banner(facts))
    .catch(() => {})

  const { showEvents } = await import('./show-events.ts')
  const stopShowing = showEvents(instance.nats, { stream: instance.stream, since, json, onNotice })
  void standardOutput.lost.then(({ message }) => {
    stopShowing()
    onNotice(`stdout can no longer be written (${message}): running without it; ${tailAdvice(data)}`)
  })
  const stopPlant = new AbortController()
  const played =
    simulated &&
    plant
      ?.playBuiltInPlant(simulated, instance.mqtt.port, stopPlant.signal, onNotice)
      .catch((error: Error) => onNotice(`simulator: ${error.message}`))
  return {
    async stop() {
      stopPlant.abort()
      await played
      stopShowing()
    },
  }
}

const tailAdvice = (data: string): string => `anomalies: ${commandName} tail${dataOptionFor(data)}`

/** When the store was last written, or undefined when there is none. */
const lastWrite = (data: string): number | undefined =>
  statSync(join(storeFolder(data), 'data.mdb'), { throwIfNoEntry: false })?.mtimeMs
