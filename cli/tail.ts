import { Command } from 'commander'
import pc from 'picocolors'
import { dayLines } from '../dashboards/terminal/day-lines.ts'
import { openingsOnly } from '../dashboards/terminal/openings-only.ts'
import { plainText } from '../dashboards/terminal/plain-text.ts'
import { isKnownDevice } from '../devices/known-devices.ts'
import { connectNats } from '../lib/nats/connect-nats.ts'
import { shownAddress } from '../lib/nats/server-address.ts'
import { defaultStream } from '../lib/nats/sink-streams.ts'
import { lookIntoStore } from './look-into-store.ts'
import { reportConnection } from './nats/report-connection.ts'
import { natsOption } from './options/nats-url.ts'
import { parseMoment } from './options/parse-moment.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { streamOption } from './options/stream-option.ts'
import { standardOutput } from './output/standard-output.ts'
import { reportedAnomalies, reportedLeftOut } from './reported.ts'
import { readRunning } from './running-file.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface TailOptions {
  readonly data: string
  readonly nats?: string
  readonly stream?: string
  readonly device?: string
  readonly since?: number
  readonly all?: true
  readonly leftOut?: true
  readonly json?: true
}

export const tailCommand = (): Command =>
  new Command('tail')
    .description('print anomalies and silent devices as they are published, one line an episode')
    .option('--device <name>', 'only of this device')
    .option(
      '--since <moment>',
      'begin with those since 10m, 2h, 7d ago, or since an ISO 8601 time',
      parseMoment,
    )
    .option('--all', 'every change of an episode, not only its opening')
    .option('--left-out', 'instead, what was late, quarantined or could not be read, and why')
    .addOption(natsOption('a NATS server, instead of that of the data folder'))
    .addOption(streamOption('else that of the running tidemark, or tidemark'))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ tidemark tail\n  $ tidemark tail --device press-7 --since 1h --all\n  $ tidemark tail --left-out --since 1h\n  $ tidemark tail --json | jq .phase\n',
    )
    .action(tail)

const tail = async (options: TailOptions): Promise<void> => {
  const { data, device, since = Date.now(), all, leftOut, json } = options
  const running = readRunning(data)
  const url = options.nats ?? running?.nats
  const stream = options.stream ?? running?.stream ?? defaultStream
  if (!url)
    throw new Error(
      `no tidemark is running on ${data}: start one, or name its folder with --data, or a server with --nats`,
    )
  const nats = await connectNats({ servers: url, firstConnect: 'later', name: 'tidemark tail' })
  const report = (line: string): void => console.error(line)
  reportConnection(nats, report)
  if (!json) {
    console.error(pc.dim(`${leftOut ? leftOutAt(url) : anomaliesAt(url)}; Ctrl-C ends`))
    // What could not be read makes nobody known, and the store knows of no other server.
    const isAsked = device !== undefined && !leftOut && running?.nats === url
    if (isAsked && !(await lookIntoStore(data, (store) => isKnownDevice(store, device))))
      console.error(pc.dim(`no device ${plainText(device)} has published yet; waiting`))
  }
  const withDay = dayLines(Date.now())
  const wanted = { stream, since, device, report, room: () => standardOutput.room }
  const feed = (
    leftOut
      ? reportedLeftOut(nats, wanted)
      : reportedAnomalies(nats, wanted, all ? () => true : openingsOnly())
  ).subscribe(({ time, content, line }) => {
    void standardOutput.print(json ? JSON.stringify(content) : withDay(time, line)).catch(() => {})
  })
  await Promise.race([untilInterrupted(), standardOutput.lost])
  feed.unsubscribe()
  await nats.close()
}

const anomaliesAt = (url: string): string =>
  `anomalies at ${shownAddress(url)}, in the order of arrival, each with the time when it happened`
const leftOutAt = (url: string): string =>
  `what is left out at ${shownAddress(url)}, with the time when it arrived`
