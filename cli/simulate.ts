import { Command, InvalidArgumentError, Option } from 'commander'
import { lengthInWords } from '../dashboards/terminal/length-in-words.ts'
import { type Duration, days, minutes, seconds } from '../lib/time/duration.ts'
import { systemClock } from '../lib/time/wall-clock.ts'
import { drivePlant, type Progress } from '../simulators/drive-plant.ts'
import { metrics } from '../simulators/metric.ts'
import { plant } from '../simulators/plant.ts'
import { scoreFaults } from '../simulators/score-faults.ts'
import { collectSightings } from './collect-sightings.ts'
import { addressesFor, brokerOption } from './options/broker-option.ts'
import { natsOption } from './options/nats-url.ts'
import { parseLength } from './options/parse-length.ts'
import { dataOption, jsonOption, seedOption } from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { wholeNumber } from './options/whole-number.ts'
import { standardOutput } from './output/standard-output.ts'
import { ProgressLine } from './progress-line.ts'
import { simulationSummary } from './simulation-summary.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface SimulateOptions {
  readonly data: string
  readonly broker?: string
  readonly nats?: string
  readonly stream?: string
  readonly sensors: number
  readonly lines: string
  readonly seed: number
  readonly history: Duration
  readonly for?: Duration
  readonly faultEvery: Duration
  readonly burst?: true
  readonly json?: true
}

/** What even a slow machine takes: a history of ten minutes of 10,000 sensors is played in three. */
const publishesPerSecond = 8_000

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('play a plant of sensors with labelled faults, outages and bad clocks to an MQTT broker')
    .option('-n, --sensors <number>', 'how many, four on a machine', wholeNumber(4), 10_000)
    .addOption(brokerOption())
    .addOption(natsOption('where the anomalies are, to count faults caught'))
    .addOption(streamOption('else that of the running tidemark, or tidemark'))
    .addOption(
      new Option('--lines <name>', 'what its lines are called: two plants of one broker need two names')
        .argParser(parseLineName)
        .default('sim-line'),
    )
    .addOption(
      new Option('--history <length>', 'healthy history, played first at full speed')
        .argParser(parseLength)
        .default(minutes(10), '10m'),
    )
    .option('--for <length>', 'end after this long live; without it, at Ctrl-C', parseLength)
    .addOption(
      new Option('--fault-every <length>', 'a fault begins somewhere this often')
        .argParser(parseLength)
        .default(seconds(10), '10s'),
    )
    .option('--burst', 'publish everything at the full second, rather than spread over it')
    .addOption(seedOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ tidemark simulate\n  $ tidemark simulate --sensors 400 --for 5m --json\n  $ tidemark simulate --broker mqtt://127.0.0.1:1884 --seed 7\n',
    )
    .action(simulate)

const parseLineName = (text: string): string => {
  if (/^[\w-]+$/.test(text)) return text
  throw new InvalidArgumentError('Give letters, digits, _ and -, such as sim-line.')
}

const simulate = async (options: SimulateOptions): Promise<void> => {
  const { mqtt: url, nats: natsUrl, stream } = addressesFor(options)
  const began = Date.now()
  const machines = Math.ceil(options.sensors / metrics.length)
  const simulated = plant({
    seed: options.seed,
    lineName: options.lines,
    machines,
    start: began - options.history,
    // While the history is played more of it accrues; a fault in there would be caught late through no fault.
    healthyFor: options.history + (machines * options.history) / publishesPerSecond,
    duration: days(30),
    faultEvery: options.faultEvery,
    burst: options.burst ?? false,
  })

  const line = new ProgressLine()
  const report = (said: string): void => {
    line.clear()
    console.error(said)
  }
  const seen = natsUrl ? await collectSightings(natsUrl, stream, began, report) : undefined
  const stop = new AbortController()
  let ending: NodeJS.Timeout | undefined
  void untilInterrupted().then(() => stop.abort())
  const progress = await drivePlant(simulated, {
    url,
    clock: systemClock,
    signal: stop.signal,
    onProgress: (reached) => {
      line.show(progressInWords(reached, seen?.sightings.length))
      if (reached.isLive && options.for !== undefined && !ending) {
        ending = setTimeout(() => stop.abort(), options.for)
      }
    },
  }).catch((error: Error) => {
    throw new Error(`no MQTT broker at ${url}: ${error.message}; start tidemark, or name one with --broker`)
  })
  clearTimeout(ending)
  line.clear()
  await seen?.close()

  const until = Math.max(progress.time, began)
  const score = seen && scoreFaults(simulated.faults, seen.sightings, { from: began, until })
  const { readings, publishes, acknowledged, reconnects } = progress
  const summary = {
    sensors: simulated.devices.length * metrics.length,
    publishes,
    readings,
    acknowledged,
    reconnects,
    score,
  }
  await standardOutput.print(options.json ? JSON.stringify(summary) : simulationSummary(summary))
}

const progressInWords = ({ publishes, acknowledged, time, isLive }: Progress, seen?: number): string =>
  [
    isLive ? 'live' : `history, ${lengthInWords(Math.max(0, Date.now() - time))} to go`,
    `${publishes} publishes sent, ${acknowledged} acknowledged`,
    ...(seen === undefined ? [] : [`${seen} anomalies seen`]),
  ].join(' · ')
