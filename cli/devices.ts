import { Command } from 'commander'
import pc from 'picocolors'
import { knownDevices } from '../devices/known-devices.ts'
import { commandName } from './command-name.ts'
import { deviceInWords } from './device-in-words.ts'
import { lookIntoStore } from './look-into-store.ts'
import { dataOption, jsonOption } from './options/shared-options.ts'
import { standardOutput } from './output/standard-output.ts'

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
      const all = await lookIntoStore(data, knownDevices)
      const wanted = all.filter(({ device }) => device.includes(name ?? ''))
      if (name && wanted.length === 0) {
        throw new Error(`no device is named like ${JSON.stringify(name)}; ${leftOutAdvice}`)
      }
      for (const device of wanted) {
        const line = json ? JSON.stringify(device) : deviceInWords(device, Date.now())
        if (!(await standardOutput.print(line))) return
      }
      if (json) return
      if (wanted.length === 0) await standardOutput.print(`${noneYet}\n${leftOutAdvice}`)
      else await standardOutput.print(pc.dim(wanted.length === 1 ? '1 device' : `${wanted.length} devices`))
    })

const leftOutAdvice = `what could not be read: ${commandName} tail --left-out --since 1h`
const noneYet = 'no device has published yet: mosquitto_pub -q 1 -t v1/press-7/temperature -m 71.4'
