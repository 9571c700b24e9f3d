import { delimiter, dirname } from 'node:path'
import { runCommand } from './run-command.js'
import { refuse, say } from './say.js'

/**
 * Makes sure that there is a NATS server: the one of NATS_URL, or a nats-server program, installed by the
 * system's package manager when it is missing. With `program` only a program will do: tests stop, kill and
 * wipe servers, which they do to none but their own. Needs the build.
 */
export const provideNatsServer = async ({ program = false } = {}) => {
  if (process.env.NATS_URL && !program) return
  const { findNatsServer } = await import('../dist/cli/nats/find-nats-server.js')
  const { natsServerPackage, howToGetNats } = await import('../dist/cli/nats/nats-server-package.js')
  const known = natsServerPackage()
  if (!findNatsServer()) await install(known, howToGetNats(known))
  const found = findNatsServer()
  if (!found) await refuse('nats-server was installed but is not where programs are looked for.')
  process.env.PATH = `${process.env.PATH ?? ''}${delimiter}${dirname(found)}`
}

const install = async (known, advice) => {
  if (!known) await refuse(...advice)
  say(`there is no nats-server on this machine; installing it with: ${known.line}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const codes = []
  for (const [program, ...rest] of known.steps) {
    codes.push(await runCommand(program, interactive(program, rest), { quiet: true, env }))
  }
  // A package list that is partly out of reach does not matter when the install itself went well.
  if (codes.at(-1) !== 0) await refuse('that did not work, see above.', ...advice)
}

/** Without a terminal nobody can answer when sudo asks for a password. */
const interactive = (program, rest) => (program === 'sudo' && !process.stdin.isTTY ? ['-n', ...rest] : rest)
