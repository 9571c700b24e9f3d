import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '../../cli/free-port.ts'
import { howToGetNats, natsServerPackage } from '../../cli/nats/nats-server-package.ts'
import { finished, lineFrom } from '../support/typescript-child.ts'
import { atThePrompt, run } from './output-of.ts'

const limitMs = 60_000

// The command looks where packages put servers too, whatever PATH is: only so is there none for it.
const hideNatsServer = `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const { accessSync } = fs
fs.accessSync = (path, mode) => {
  if (String(path).endsWith('nats-server')) throw new Error('hidden')
  return accessSync(path, mode)
}
syncBuiltinESMExports()
`

/**
 * Asks the installed command for help, starts it where there is no nats-server, and starts it beside one at
 * `natsUrl`. Returns what went wrong, in words.
 */
export const tryCommand = async (node: string, project: string, natsUrl: string): Promise<string[]> => {
  const command = join(project, 'node_modules', '.bin', 'tidemark')
  const env = { ...atThePrompt(), PATH: [dirname(node), '/usr/bin', '/bin'].join(delimiter) }
  const folder = mkdtempSync(join(project, 'command-'))
  const start = async (): Promise<string[]> => [
    'start',
    ...[
      '--no-simulate',
      '--json',
      '--port',
      `${await freePort(24_000 + (process.pid % 4_000))}`,
      '--data',
      join(folder, 'data'),
    ],
  ]
  const faults: string[] = []

  const help = await run('npx', ['--no-install', 'tidemark', '--help'], {
    cwd: project,
    env: { ...env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
    limitMs,
  })
  if (help.code !== 0 || !help.stdout.startsWith('Usage: tidemark')) {
    faults.push(`npx tidemark --help ended with ${help.code ?? help.signal}:\n${help.stdout}${help.stderr}`)
  }

  const hidden = join(folder, 'hide-nats-server.mjs')
  writeFileSync(hidden, hideNatsServer)
  const without = await run(command, await start(), {
    cwd: project,
    env: { ...env, NODE_OPTIONS: `--import=${pathToFileURL(hidden)}` },
    limitMs,
  })
  const line = `tidemark: ${howToGetNats(natsServerPackage()).join('\n')}`
  if (without.code !== 1 || without.stderr.trim() !== line) {
    faults.push(
      `without a nats-server, start ended with ${without.code ?? without.signal}:\n${without.stderr}`,
    )
  }

  const child = spawn(command, await start(), {
    cwd: project,
    env: { ...env, NATS_URL: natsUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  const end = finished(child)
  await lineFrom(child, '{"event":"started"').catch((error: Error) => faults.push(`start: ${error.message}`))
  child.kill('SIGINT')
  const { code, signal, stderr } = await end
  if (code !== 0) faults.push(`start, interrupted, ended with ${code ?? signal}:\n${stderr}`)
  return faults
}
