import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { failureInWords } from './failure-in-words.ts'
import { endProcess } from './output/standard-output.ts'
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
/** Each is loaded when it is named: what a command needs takes longer to load than many commands run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  devices: async () => (await import('./devices.ts')).devicesCommand(),
  tail: async () => (await import('./tail.ts')).tailCommand(),
  drain: async () => (await import('./drain.ts')).drainCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  record: async () => (await import('./record.ts')).recordCommand(),
  inspect: async () => (await import('./inspect.ts')).inspectCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  takeover: async () => (await import('./takeover.ts')).takeoverCommand(),
}
const named = Object.keys(commands).filter((name) => name === process.argv[2])
// Without one of these names the line is about all of them: help, or a mistake.
for (const name of named.length > 0 ? named : Object.keys(commands)) {
  program.addCommand(await commands[name]!())
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
