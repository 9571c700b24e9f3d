import { Command, Option } from 'commander'
import { systemClock } from '../lib/time/wall-clock.ts'
import { type Played, playRecording } from '../simulators/recordings/play-recording.ts'
import { readRecording } from '../simulators/recordings/read-recording.ts'
import { recordedFiles } from '../simulators/recordings/recorded-files.ts'
import type { RecordedLine } from '../simulators/recordings/recorded-line.ts'
import type { RecordingColumns } from '../simulators/recordings/recording-columns.ts'
import { brokerOption } from './options/broker-option.ts'
import { natsOption } from './options/nats-url.ts'
import { parseLength } from './options/parse-length.ts'
import { parseMoment } from './options/parse-moment.ts'
import { parseSpeed } from './options/parse-speed.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { standardOutput } from './output/standard-output.ts'
import { ProgressLine } from './progress-line.ts'
import { Findings } from './recordings/findings.ts'
import { type BadLine, inWords, type ReplayResult, replaySummary } from './recordings/replay-summary.ts'
import { type BrokerOptions, toBroker, toEngine } from './recordings/way.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface ReplayOptions extends RecordingColumns, BrokerOptions {
  readonly speed: number
  readonly engine?: true
  readonly anomalies?: string
  readonly json?: true
}

export const replayCommand = (): Command =>
  new Command('replay')
    .description('play recorded readings, from CSV or NDJSON, to an MQTT broker or straight to the actors')
    .argument('<path>', 'a .csv, .tsv, .ndjson or .jsonl file, or a folder of them')
    .option('--time <column>', 'when; else a column called time, timestamp, ts, date …')
    .addOption(
      new Option('--every <length>', 'no column says when: lines of a device are this far apart')
        .argParser(parseLength)
        .conflicts('time'),
    )
    .option('--start <moment>', 'when the first line was, with --every; 2020-01-01 unless given', parseMoment)
    .option('--device <column>', 'which device; else a column called device, sensor, machine …')
    .addOption(
      new Option('--device-name <name>', 'the device of all lines; else the name of the file').conflicts(
        'device',
      ),
    )
    .option('--metric <column>', 'which metric, if there is one value a line')
    .option(
      '--values <columns>',
      'the columns with values, joined by commas; else all with numbers',
      columnsIn,
    )
    .addOption(
      new Option('--speed <factor>', 'times faster than recorded, like 60x, or max')
        .argParser(parseSpeed)
        .default(Number.POSITIVE_INFINITY, 'max'),
    )
    .addOption(brokerOption())
    .addOption(natsOption('where the anomalies are, to count them'))
    .addOption(streamOption('else that of the running tidemark, or tidemark'))
    .addOption(
      new Option(
        '--engine',
        'no broker and no NATS: actors and a store of their own, gone afterwards without --data',
      ).conflicts('broker'),
    )
    .option('--anomalies <file>', 'write every anomaly to this file, one JSON object a line')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ tidemark replay machine-temperature.csv
  $ tidemark replay motes.csv --device mote_id --values humidity,temperature --every 5s
  $ tidemark replay recordings/ --speed 60x
  $ tidemark replay machine-temperature.csv --engine --anomalies found.ndjson`,
    )
    .action(replay)

const columnsIn = (text: string): string[] => text.split(',').map((column) => column.trim())

/** Bad lines told of, by a person's patience and a program's. */
const faultsShown = { person: 10, program: 100 }

const replay = async (path: string, options: ReplayOptions, command: Command): Promise<void> => {
  if (options.start !== undefined && options.every === undefined)
    throw new Error('--start says when the first line was if no column does: give --every too')
  const { files, bytes } = recordedFiles(path)
  const findings = new Findings(options.anomalies)
  const devices = new Set<string>()
  const faults: BadLine[] = []
  const textColumns = new Set<string>()
  const most = options.json ? faultsShown.program : faultsShown.person
  const stop = new AbortController()
  void untilInterrupted().then(() => stop.abort())

  const recording = readRecording(files, {
    ...options,
    now: systemClock.now(),
    onTextColumn: (column) => textColumns.add(column),
  })
  const hasData = command.getOptionValueSource('data') === 'cli'
  const way = options.engine
    ? toEngine(hasData ? options.data : undefined, findings)
    : await toBroker(options, findings, devices)
  const line = new ProgressLine()
  const played = await playRecording(noting(recording, devices), way.target, {
    clock: systemClock,
    speed: options.speed,
    signal: stop.signal,
    onFault: ({ file, line: number, faults: reasons }) => {
      if (faults.length < most) faults.push({ file, line: number, reason: reasons.join('; ') })
    },
    onProgress: (reached) =>
      line.show(progressInWords(reached, bytes, way.isWatched ? findings.anomalies : undefined)),
  }).finally(() => line.clear())
  await way.finish(stop.signal)
  await findings.close()

  const { time: _, bytes: __, ...counts } = played
  const { isComplete, anomalies, episodes, withdrawn, strongest, leftOut, examples } = findings
  const result: ReplayResult = {
    files: files.length,
    devices: devices.size,
    ...counts,
    faults,
    textColumns: [...textColumns],
    found: way.isWatched
      ? { isComplete, anomalies, episodes, withdrawn, strongest, leftOut, examples }
      : undefined,
  }
  await standardOutput.print(options.json ? JSON.stringify(result) : replaySummary(result))
  if (played.readings === 0 && !stop.signal.aborted)
    throw new Error(`nothing in ${path} could be replayed${whyNothing(bytes, played)}`)
}

const whyNothing = (bytes: number, { lines }: Played): string => {
  if (bytes === 0) return ': it is empty'
  return lines === 0 ? ': it has a header at the most, and no line of data' : ''
}

/** The same lines, their devices noted before anything can come of them. */
async function* noting(
  recording: AsyncIterable<RecordedLine>,
  devices: Set<string>,
): AsyncGenerator<RecordedLine> {
  for await (const line of recording) {
    for (const { device } of line.readings) devices.add(device)
    yield line
  }
}

const progressInWords = (played: Played, bytes: number, seen: number | undefined): string =>
  [
    `${Math.floor((100 * played.bytes) / Math.max(1, bytes))} %`,
    ...(Number.isFinite(played.time) ? [inWords(played.time)] : []),
    `${played.publishes} publishes sent, ${played.acknowledged} acknowledged`,
    ...(seen === undefined ? [] : [`${seen} anomalies seen`]),
    ...(played.reconnects > 0 ? [`tried ${played.reconnects} times to connect again`] : []),
  ].join(' · ')
