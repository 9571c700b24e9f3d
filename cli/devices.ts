import { Command } from 'commander'
import pc from 'picocolors'
import { lengthInWords } from '../dashboards/terminal/length-in-words.ts'
import { plainText } from '../dashboards/terminal/plain-text.ts'
import { type KnownDevice, type KnownMetric, knownDevices } from '../devices/known-devices.ts'
import { openStoreReadOnly } from '../lib/state/lmdb-reader.ts'
import { type Duration, days } from '../lib/time/duration.ts'
import { commandName } from './command-name.ts'
import { existingStoreFolder } from './data-folder.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'

interface DevicesOptions {
  readonly data: string
  readonly json?: true
}

export const devicesCommand = (): Command =>
  new Command('devices')
    .description('list the devices that have published, with what is usual for each metric')
    .argument('[name]', 'only devices whose name contains this')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ tidemark devices\n  $ tidemark devices press-7 --json\n')
    .action(async (name: string | undefined, { data, json }: DevicesOptions) => {
      const all = await readDevices(data)
      const wanted = all.filter(({ device }) => device.includes(name ?? ''))
      for (const device of wanted) console.log(json ? JSON.stringify(device) : inWords(device))
      if (json) return
      if (wanted.length > 0)
        console.log(pc.dim(wanted.length === 1 ? '1 device' : `${wanted.length} devices`))
      else
        console.log(
          name
            ? `no device is named like ${JSON.stringify(name)}; ${leftOutAdvice}`
            : `${noneYet}\n${leftOutAdvice}`,
        )
    })

const leftOutAdvice = `what could not be read: ${commandName} tail --left-out --since 1h`
const noneYet = 'no device has published yet: mosquitto_pub -q 1 -t v1/press-7/temperature -m 71.4'

const readDevices = async (data: string): Promise<KnownDevice[]> => {
  const store = openStoreReadOnly(existingStoreFolder(data))
  try {
    return knownDevices(store)
  } finally {
    await store.close()
  }
}

const inWords = ({ device, lastSeen, metrics }: KnownDevice): string =>
  [
    `${pc.bold(plainText(device))}  ${pc.dim(seenInWords(lastSeen))}`,
    ...metrics.map((metric) => `  ${metricInWords(metric)}`),
  ].join('\n')

const seenInWords = (lastSeen: number): string =>
  Number.isFinite(lastSeen)
    ? `last seen ${seenBefore(Math.max(0, Date.now() - lastSeen), lastSeen)}`
    : 'none of its times can be trusted'

const seenBefore = (length: Duration, time: number): string =>
  length < days(2) ? `${lengthInWords(length)} ago` : `on ${new Date(time).toISOString().slice(0, 10)}`

const metricInWords = ({ metric, value, baseline }: KnownMetric): string => {
  const { mean, standardDeviation, count } = baseline
  const learned = `mean ${short(mean)}, standard deviation ${short(standardDeviation)} over ${count} readings`
  return `${plainText(metric)} ${pc.cyan(short(value))}  ${pc.dim(count > 0 ? learned : 'nothing learned yet')}`
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
