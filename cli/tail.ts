import { Command } from 'commander'
import pc from 'picocolors'
import { filter, map, merge, type Observable } from 'rxjs'
import { absenceFeed } from '../dashboards/absence-feed.ts'
import { anomalyFeed } from '../dashboards/anomaly-feed.ts'
import { leftOutFeed } from '../dashboards/left-out-feed.ts'
import { absenceLine } from '../dashboards/terminal/absence-line.ts'
import { episodeLine } from '../dashboards/terminal/episode-line.ts'
import { leftOutLine } from '../dashboards/terminal/left-out-line.ts'
import { openingsOnly } from '../dashboards/terminal/openings-only.ts'
import { absenceSubject, absenceSubjects } from '../devices/wire/absence-subject.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { anomalySubjects } from '../devices/wire/anomaly-subject.ts'
import { connectNats, type Nats } from '../lib/nats/connect-nats.ts'
import { subjectToken } from '../lib/nats/subject-token.ts'
import { streamName } from './data-folder.ts'
import { reportUnreachable } from './nats/report-unreachable.ts'
import { natsOption } from './options/nats-url.ts'
import { parseMoment } from './options/parse-moment.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { readRunning } from './running-file.ts'
import { untilInterrupted } from './until-interrupted.ts'

interface TailOptions {
  readonly data: string
  readonly nats?: string
  readonly device?: string
  readonly since: number
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
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ tidemark tail\n  $ tidemark tail --device press-7 --since 1h --all\n  $ tidemark tail --left-out --since 1h\n  $ tidemark tail --json | jq .phase\n',
    )
    .action(async ({ data, nats: given, device, since = Date.now(), all, leftOut, json }: TailOptions) => {
      const url = given ?? readRunning(data)?.nats
      if (!url)
        throw new Error(
          `no tidemark is running on ${data}: start one, or name its folder with --data, or a server with --nats`,
        )
      const nats = await connectNats({ servers: url, firstConnect: 'later', name: 'tidemark tail' })
      reportUnreachable(nats, (line) => console.error(line))
      if (!json) console.error(pc.dim(`${leftOut ? 'what is left out' : 'anomalies'} at ${url}; Ctrl-C ends`))
      const print = (content: object, line: string): void =>
        console.log(json ? JSON.stringify(content) : line)
      const feed = leftOut
        ? leftOutFeed(nats, { stream: streamName, since })
            .pipe(filter((each) => device === undefined || each.device === device))
            .subscribe((each) => print(each, leftOutLine(each)))
        : reported(nats, since, device, all ? () => true : openingsOnly()).subscribe(({ content, line }) =>
            print(content, line),
          )
      await untilInterrupted()
      feed.unsubscribe()
      await nats.close()
    })

interface Reported {
  readonly content: object
  readonly line: string
}

const reported = (
  nats: Nats,
  since: number,
  device: string | undefined,
  isShown: (anomaly: Anomaly) => boolean,
): Observable<Reported> => {
  const from = { stream: streamName, since }
  const subject = device === undefined ? anomalySubjects : `anomaly.${subjectToken(device)}.>`
  const absences = device === undefined ? absenceSubjects : absenceSubject({ device })
  return merge(
    anomalyFeed(nats, { ...from, subject }).pipe(
      filter(isShown),
      map((anomaly) => ({ content: anomaly, line: episodeLine(anomaly) })),
    ),
    absenceFeed(nats, { ...from, subject: absences }).pipe(
      map((absence) => ({ content: absence, line: absenceLine(absence) })),
    ),
  )
}
