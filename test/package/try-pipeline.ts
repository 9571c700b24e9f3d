import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { freePort } from '../../cli/free-port.ts'
import { finished } from '../support/typescript-child.ts'
import { atThePrompt } from './output-of.ts'

const limitMs = 60_000

/**
 * Runs the program of the README with `node` in a folder of its own, publishes a jump to it, waits until it
 * is printed, and interrupts it. Resolves with what went wrong, in words, or undefined when nothing did.
 */
export const tryPipeline = async (
  [node, ...flags]: readonly [program: string, ...flags: string[]],
  program: string,
  folder: string,
): Promise<string | undefined> => {
  const port = await freePort(24_000 + (process.pid % 4_000))
  const child = spawn(node, [...flags, program, `${port}`], {
    cwd: mkdtempSync(join(folder, 'run-')),
    env: atThePrompt(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  const end = finished(child)
  const printed = new Promise<void>((resolve) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('jumped from 71 to 90')) resolve()
    })
  })
  const published = connectTo(port, () => child.exitCode === null).then(async (client) => {
    for (const value of [70, 71, 90]) {
      await client.publishAsync('v1/press-7/temperature', `${value}`, { qos: 1 })
    }
    await printed
    await client.endAsync()
  })
  await Promise.race([published.catch(() => end), end])
  child.kill('SIGINT')
  const { code, signal, stdout, stderr } = await end
  if (code === 0 && stderr === '' && stdout.includes('jumped from 71 to 90')) return undefined
  return `it ended with ${code ?? signal} and printed:\n${stdout}${stderr}`
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
