import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { freePort } from '../../cli/free-port.ts'
import { finished } from '../support/typescript-child.ts'
import { atThePrompt } from './output-of.ts'

const limitMs = 60_000

/**
 * Runs the program of the README with `node` in a folder of its own inside `folder`, publishes a jump to it,
 * waits until it is printed, kills it, and sees whether the next run jumps from where that one was. Resolves
 * with what went wrong, in words, or undefined when nothing did.
 */
export const tryPipeline = async (
  node: string,
  program: string,
  folder: string,
): Promise<string | undefined> => {
  const port = await freePort(24_000 + (process.pid % 4_000))
  const own = mkdtempSync(join(folder, 'run-'))
  const file = join(own, 'pipeline.js')
  writeFileSync(file, program.replace('1884', `${port}`))
  const runs = [
    { given: [70, 71, 90], expected: 'jumped from 71 to 90' },
    { given: [50], expected: 'jumped from 90 to 50' },
  ]
  for (const { given, expected } of runs) {
    const child = spawn(node, [file], {
      ...{ cwd: own, env: atThePrompt(), timeout: limitMs, killSignal: 'SIGKILL' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = finished(child)
    const printed = new Promise<void>((resolve) => {
      let said = ''
      child.stdout.on('data', (chunk) => {
        said += chunk
        if (said.includes(expected)) resolve()
      })
    })
    const published = connectTo(port, () => child.exitCode === null).then(async (client) => {
      for (const value of given) {
        await client.publishAsync('v1/press-7/temperature', `${value}`, { qos: 1 })
      }
      await printed
      await client.endAsync()
    })
    await Promise.race([published.catch(() => end), end])
    child.kill('SIGKILL')
    const { code, signal, stdout, stderr } = await end
    if (code !== null || stderr !== '' || !stdout.includes(expected)) {
      return `before "${expected}" it ended with ${code ?? signal} and printed:\n${stdout}${stderr}`
    }
  }
  return undefined
}

/** Connects as soon as there is a broker. */
const connectTo = async (port: number, isRunning: () => boolean): Promise<MqttClient> => {
  for (;;) {
    try {
      return await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 })
    } catch (error) {
      if (!isRunning()) throw error
      await wait(50)
    }
  }
}
