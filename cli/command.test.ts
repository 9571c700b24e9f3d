import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { finished, lineFrom, spawnTypeScript } from '../test/support/typescript-child.ts'
import { endLeftoverNats } from './nats/leftover-nats.ts'
import { readNatsInfo } from './nats/nats-info.ts'

const main = new URL('./main.ts', import.meta.url)
const { NATS_URL: _, ...environment } = process.env
const environmentWith = (more: Record<string, string>) => ({
  env: { ...environment, NO_COLOR: '1', ...more },
})

let folder: string
let started: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-command-'))
  started = []
})
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL')
  await endLeftoverNats(join(folder, 'nats'))
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

const tidemark = (args: readonly string[], more: Record<string, string> = {}): ChildProcess => {
  const child = spawnTypeScript(main, args, environmentWith(more))
  started.push(child)
  return child
}
const run = (args: readonly string[], more: Record<string, string> = {}) => finished(tidemark(args, more))

interface Started {
  readonly mqtt: { readonly port: number }
  readonly nats: string
}
const startInstance = async (...args: string[]): Promise<{ child: ChildProcess; facts: Started }> => {
  const child = tidemark(['start', '--json', '--port', '21883', '--data', folder, ...args])
  const line = await lineFrom(child, '{"event":"started"')
  return { child, facts: JSON.parse(line) as Started }
}

describe('the command line', () => {
  test('help shows examples and every command, and ends with 0', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of ['start', 'simulate', 'devices', 'tail', 'Examples', 'Exit codes']) {
      expect(stdout).toContain(word)
    }
  })

  test.each([
    ['a mistyped command', ['strat'], /Did you mean start\?/],
    ['a mistyped option', ['start', '--prot', '1'], /Did you mean --port\?/],
    ['a port that is none', ['start', '--port', 'x'], /Give a whole number, from 1 to/],
    ['a moment that is none', ['tail', '--since', 'yesterday'], /Give a length like 10m/],
  ])('%s ends with 2 and says what would do', async (_what, args, advice) => {
    const { code, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(advice)
  })

  test.each([
    [['devices'], /there is no data in .*: run "tidemark start"/],
    [['tail'], /no tidemark is running on/],
    [['simulate', '--broker', 'mqtt://127.0.0.1:1'], /no MQTT broker at mqtt:\/\/127.0.0.1:1/],
  ])('%j without a running tidemark ends with 1 and says what to do', async (args, advice) => {
    const { code, stderr } = await run([...args, '--data', folder])
    expect(stderr).toMatch(advice)
    expect(code).toBe(1)
  })
})

describe('a running tidemark', () => {
  test('keeps what it acknowledged over an end and a start, and ends with 0 when interrupted', async () => {
    const { child, facts } = await startInstance('--no-simulate')
    const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
    await device.publishAsync('v1/press-7/temperature', '71.4', { qos: 1 })
    const before = await run(['devices', '--json', '--data', folder])
    expect(JSON.parse(before.stdout)).toMatchObject({
      device: 'press-7',
      metrics: [{ metric: 'temperature', value: 71.4 }],
    })

    const end = finished(child)
    const began = performance.now()
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
    expect(performance.now() - began).toBeLessThan(5_000)
    await device.endAsync(true)
    await expect(readNatsInfo(Number(new URL(facts.nats).port))).rejects.toThrow('no NATS server')

    const after = await run(['devices', 'press', '--data', folder])
    expect(after.stdout).toContain('temperature 71.4')
    expect((await run(['tail', '--data', folder])).code).toBe(1)
  })

  test('is told of when another one is started on its data', async () => {
    const { child } = await startInstance('--no-simulate')
    const { code, stderr } = await run(['start', '--no-simulate', '--data', folder])
    expect(code).toBe(1)
    expect(stderr).toContain(`process ${child.pid} is writing it`)
  })

  test('goes on after a kill, with the server that the killed one left behind ended', async () => {
    const first = await startInstance('--no-simulate')
    const end = finished(first.child)
    first.child.kill('SIGKILL')
    await end
    expect(await readNatsInfo(Number(new URL(first.facts.nats).port))).toMatchObject({ jetstream: true })
    const second = await startInstance('--no-simulate')
    const ended = finished(second.child)
    second.child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
    await expect(readNatsInfo(Number(new URL(first.facts.nats).port))).rejects.toThrow('no NATS server')
  })

  test('kills itself at the crash point it is armed for', async () => {
    const child = tidemark(['start', '--json', '--data', folder, '--port', '21883'], {
      TIDEMARK_CRASH_AT: 'flushed:3',
    })
    expect(await finished(child)).toMatchObject({ code: null, signal: 'SIGKILL' })
    await startInstance('--no-simulate').then(({ child: next }) => next.kill('SIGINT'))
  })

  test('takes the next port when its own is taken, and says so', async () => {
    const other = createServer().listen(21_983, '127.0.0.1')
    const child = tidemark(['start', '--no-simulate', '--json', '--port', '21983', '--data', folder])
    const all = finished(child)
    const facts = JSON.parse(await lineFrom(child, '{"event":"started"')) as Started
    expect(facts.mqtt.port).toBe(21_984)
    child.kill('SIGINT')
    expect((await all).stderr).toContain('port 21983 is taken by another program; MQTT is at port 21984')
    other.close()
  })

  test('ends at once at a second interruption', async () => {
    const { child } = await startInstance('--no-simulate')
    const end = finished(child)
    // A client that is connected keeps nothing up; a NATS server that is stopped does.
    const pid = natsPid()
    process.kill(pid, 'SIGSTOP')
    child.kill('SIGINT')
    // Within 300 ms it would count as the same press of the keys.
    await wait(400)
    child.kill('SIGINT')
    expect((await end).code).toBe(130)
    process.kill(pid, 'SIGKILL')
  })

  test('shows the first fault of its plant within 15 seconds, to tail and simulate too', async () => {
    const { child } = await startInstance()
    const anomaly = lineFrom(child, '{"event":"anomaly"')
    const began = performance.now()
    expect(JSON.parse(await anomaly)).toMatchObject({ phase: 'opened', score: expect.any(Number) })
    expect(performance.now() - began).toBeLessThan(15_000)

    const tail = tidemark(['tail', '--data', folder, '--since', '1h'])
    expect(await lineFrom(tail, '')).toMatch(/ line-00\d-machine-0\d \w+ .*, usually .* standard deviations /)
    tail.kill('SIGINT')
    const simulation = await run([
      ...['simulate', '--data', folder, '--json', '--seed', '9', '--sensors', '8'],
      ...['--history', '30s', '--for', '2s'],
    ])
    expect(JSON.parse(simulation.stdout)).toMatchObject({
      sensors: 8,
      score: { falseAlarms: expect.any(Number) },
    })
  }, 60_000)
})

const natsPid = (): number => Number(readFileSync(join(folder, 'nats', 'nats.pid'), 'utf8'))
