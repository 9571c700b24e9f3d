import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { backupCommand } from './backup.ts'
import { devicesCommand } from './devices.ts'
import { drainCommand } from './drain.ts'
import { failureInWords } from './failure-in-words.ts'
import { inspectCommand } from './inspect.ts'
import { recordCommand } from './record.ts'
import { replayCommand } from './replay.ts'
import { restoreCommand } from './restore.ts'
import { simulateCommand } from './simulate.ts'
import { startCommand } from './start.ts'
import { tailCommand } from './tail.ts'
import { version } from './version.ts'

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

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

Exit codes: 0 done, 1 it did not work, 2 the command line was not understood.`,
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
// Commander ends with 1 for a command line it does not understand; that is for what did not work.
for (const command of [program, ...program.commands]) {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
}

try {
  await program.parseAsync()
  process.exit()
} catch (error) {
  console.error(pc.red(`tidemark: ${failureInWords(error)}`))
  process.exit(error instanceof CommanderError ? 2 : 1)
}
