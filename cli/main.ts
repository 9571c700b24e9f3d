import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { backupCommand } from './backup.ts'
import { devicesCommand } from './devices.ts'
import { drainCommand } from './drain.ts'
import { failureInWords } from './failure-in-words.ts'
import { inspectCommand } from './inspect.ts'
import { endProcess } from './output/standard-output.ts'
import { recordCommand } from './record.ts'
import { replayCommand } from './replay.ts'
import { restoreCommand } from './restore.ts'
import { simulateCommand } from './simulate.ts'
import { startCommand } from './start.ts'
import { tailCommand } from './tail.ts'
import { version } from './version.ts'

const failed = 1
const usageError = 2

const program = new Command('tidemark')
  .description('Watches streams from devices: MQTT in, one durable actor a device, anomalies out on NATS.')
  .version(version())
  .showHelpAfterError('(--help lists what there is)')
  .addHelpText(
    'after',
    `
Examples:
  $ tidemark start
  $ mosquitto_pub -q 1 -t v1/press-7/temperature -m 71.4
  $ tidemark tail --since 10m

Exit codes: 0 done, 1 failed, 2 usage error.`,
  )
const commands = [
  startCommand(),
  simulateCommand(),
  devicesCommand(),
  tailCommand(),
  drainCommand(),
  replayCommand(),
  recordCommand(),
  inspectCommand(),
  backupCommand(),
  restoreCommand(),
]
for (const command of commands) {
  program.addCommand(command)
}
// Commander would end the process itself, before its help is read.
for (const command of [program, ...program.commands]) command.exitOverride()

/** Says why the command failed, and returns its exit code. */
const report = (error: unknown): number => {
  // Commander has printed its own reason, or the help that was asked for.
  if (error instanceof CommanderError && error.code.startsWith('commander.')) {
    return error.exitCode === 0 ? 0 : usageError
  }
  console.error(pc.red(`tidemark: ${failureInWords(error)}`))
  return error instanceof CommanderError ? usageError : failed
}

try {
  await program.parseAsync()
  await endProcess(0)
} catch (error) {
  await endProcess(report(error))
}
