import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { watchedDevice } from '../bench/watched-device.ts'
import type { KnownDevice } from '../devices/known-device.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import { decode, encode } from '../lib/state/rows/codec.ts'
import { readRecording } from '../simulators/recordings/read-recording.ts'
import { generatedRecording } from '../test/faults/replay/generated-recording.ts'
import { nabFile } from '../test/faults/replay/nab-recording.ts'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished, lineFrom } from '../test/support/typescript-child.ts'
import type { ReplayResult } from './recordings/replay-summary.ts'

const command = new TidemarkCommand()

/** 3,000 readings with some that are off. */
const recordingFile = (): string => {
  const file = join(command.folder, 'press-7.csv')
  const rows = generatedRecording(3, 3_000).map(
    ({ time, value }) => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')},${value}\n`,
  )
  writeFileSync(file, `timestamp,value\n${rows.join('')}`)
  return file
}

/** Replays with these options and returns what it says and finds. */
const replayed = async (args: readonly string[]) => {
  const found = join(command.folder, 'found.ndjson')
  const { code, stdout, stderr } = await command.run(['replay', ...args, '--json', '--anomalies', found])
  expect(code, stderr).toBe(0)
  const lines = readFileSync(found, 'utf8').split('\n').slice(0, -1)
  return {
    result: JSON.parse(stdout) as ReplayResult,
    anomalies: lines.map((line) => JSON.parse(line) as Anomaly),
  }
}

const devicesIn = async (data: string): Promise<KnownDevice[]> => {
  const { stdout } = await command.run(['devices', '--json', '--data', data])
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as KnownDevice)
}

/** The same file through the same processors, in a plain loop. */
const computed = async (file: string) => {
  const anomalies: Anomaly[] = []
  const devices = new Map<string, ReturnType<typeof watchedDevice>>()
  for await (const { readings } of readRecording([file], { now: Date.now() })) {
    for (const reading of readings) {
      const { device } = reading
      const take = devices.get(device) ?? watchedDevice(device, (anomaly) => anomalies.push(anomaly))
      devices.set(device, take)
      take(reading, Date.now())
    }
  }
  const baselines = [...devices].map(([device, { metrics }]) => ({
    device,
    metrics: [...metrics].map(([metric, state]) => ({ metric, baseline: baselineIn(state) })),
  }))
  return { anomalies, baselines }
}

const baselineIn = (state: unknown): KnownDevice['metrics'][number]['baseline'] => {
  const [{ baseline }] = decode<[{ baseline: { count: number; mean: number; variance: number } }]>(
    encode(state),
  )
  const { count, mean, variance } = baseline
  return { mean, standardDeviation: Math.sqrt(variance), count }
}

const baselinesOf = (devices: readonly KnownDevice[]) =>
  devices.map(({ device, metrics }) => ({
    device,
    metrics: metrics.map(({ metric, baseline }) => ({ metric, baseline })),
  }))

const equalInAllWays = async (file: string, readings: number): Promise<void> => {
  const offline = await computed(file)
  const engineData = join(command.folder, 'engine')
  const engine = await replayed([file, '--engine', '--data', engineData])
  expect(engine.result).toMatchObject({ readings, publishes: readings, acknowledged: readings, badLines: 0 })

  const { child } = await command.start()
  const mqtt = await replayed([file, '--data', command.folder])
  const end = finished(child)
  child.kill('SIGINT')
  expect((await end).code).toBe(0)

  expect(mqtt.result).toEqual(engine.result)
  expect(offline.anomalies.length).toBeGreaterThan(5)
  expect(engine.anomalies).toEqual(offline.anomalies)
  expect(mqtt.anomalies).toEqual(offline.anomalies)
  expect(baselinesOf(await devicesIn(engineData))).toEqual(offline.baselines)
  expect(baselinesOf(await devicesIn(command.folder))).toEqual(offline.baselines)
}

describe('a recording gives the same over MQTT, straight into the actors, and in a plain loop', () => {
  test('that was generated', () => equalInAllWays(recordingFile(), 3_000), 60_000)

  // Its copy lies beside the project folder on some machines only.
  const nab = existsSync(nabFile)
  if (!nab) console.log(`skipped: there is no ${nabFile}`)
  test.runIf(nab)('NAB machine temperature', () => equalInAllWays(nabFile, 22_695), 60_000)
})

describe('tidemark replay', () => {
  test('tells of bad lines by number, and ends with 0 as long as there is a good one', async () => {
    const file = join(command.folder, 'd.csv')
    writeFileSync(
      file,
      'time,temp,note\n2026-01-05 12:00:00,1,ok\nyesterday,2,ok\n2026-01-05 12:00:01,hot,\n',
    )
    const { code, stdout } = await command.run(['replay', file, '--engine'])
    expect(code).toBe(0)
    expect(stdout).toContain('1 readings of 1 device in 1 file: 1 publishes, 1 acknowledged')
    expect(stdout).toContain('left out, as they hold text: note')
    expect(stdout).toContain('2 of 3 lines with something that could not be read:')
    expect(stdout).toContain(`${file}:3: column "time" is "yesterday": write a time`)
    expect(stdout).toContain(`${file}:4: column "temp" is "hot": write a number`)
  })

  test('ends with 1 when nothing can be read, and says why', async () => {
    const file = join(command.folder, 'd.csv')
    writeFileSync(file, 'a,b\n1,2\n')
    const { code, stdout, stderr } = await command.run(['replay', file, '--engine'])
    expect(code).toBe(1)
    expect(stdout).toContain('no column looks like a time: it has "a", "b"; name one with --time')
    expect(stderr).toContain(`nothing in ${file} could be replayed`)
  })

  test.each([
    ['', 'it is empty'],
    ['time,temperature\n', 'it has a header at the most, and no line of data'],
  ])('of %j says why there is nothing to replay', async (text, why) => {
    const file = join(command.folder, 'd.csv')
    writeFileSync(file, text)
    const { code, stderr } = await command.run(['replay', file, '--engine'])
    expect(code).toBe(1)
    expect(stderr).toContain(`nothing in ${file} could be replayed: ${why}`)
  })

  test('tells what was late, and what time cannot be trusted', async () => {
    const file = join(command.folder, 'd.csv')
    writeFileSync(file, 'ts,value\n2026-01-05 12:05:00,1\n2026-01-05 12:00:00,2\n1970-01-01 12:00:00,3\n')
    const { result } = await replayed([file, '--engine'])
    expect(result.found?.leftOut).toEqual({ late: 1, quarantined: 1, dead: 0 })
    expect(result.found?.examples.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('later than the bound'),
      expect.stringContaining('is before 978307200000'),
    ])
  })

  test('goes on without NATS, as a running tidemark does, and says that anomalies are not counted', async () => {
    await command.start(['--no-simulate'], { NATS_URL: 'nats://127.0.0.1:1' })
    const { code, stdout, stderr } = await command.run(['replay', recordingFile(), '--data', command.folder])
    expect(code).toBe(0)
    expect(stdout).toContain('3000 publishes, 3000 acknowledged\nanomalies were not watched')
    expect(stderr).toContain('anomalies are not counted: no NATS server at nats://127.0.0.1:1')
  })

  test('sends again what a killed tidemark had not acknowledged, and says that it may not have seen all', async () => {
    const first = await command.start()
    const file = recordingFile()
    // The 15,000 seconds of the recording take four, and the first progress is told after one.
    const args = ['replay', file, '--speed', '3750x', '--json', '--data', command.folder]
    const child = command.spawn(args)
    const end = finished(child)
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()))
    const killed = finished(first.child)
    first.child.kill('SIGKILL')
    await killed
    const second = await command.start(['--no-simulate', '--port', String(first.facts.mqtt.port)])
    const { code, stdout, stderr } = await end
    expect(code, stderr).toBe(0)
    const result = JSON.parse(stdout) as ReplayResult
    expect(result).toMatchObject({ readings: 3_000, acknowledged: 3_000, found: { isComplete: false } })
    expect(result.reconnects).toBeGreaterThan(0)
    const stopped = finished(second.child)
    second.child.kill('SIGINT')
    expect((await stopped).code).toBe(0)
    const { baselines } = await computed(file)
    expect(baselinesOf(await devicesIn(command.folder))).toEqual(baselines)
  })

  test.each([
    [['--speed', 'fast'], 2, /Give how many times faster than recorded, like 1x or 60x, or max/],
    [['--broker', 'mqtt://127.0.0.1:1'], 1, /no MQTT broker at mqtt:\/\/127.0.0.1:1/],
  ])('%j is refused in words', async (args, code, advice) => {
    const end = await command.run(['replay', recordingFile(), '--data', command.folder, ...args])
    expect(end.stderr).toMatch(advice)
    expect(end.code).toBe(code)
  })
})

test('a recording of a device that did not publish ends with 1 and leaves no file', async () => {
  await command.start()
  const file = join(command.folder, 'none.csv')
  const args = ['record', '--out', file, '--device', 'nope', '--for', '1s', '--data', command.folder]
  const { code, stderr } = await command.run(args)
  expect(code).toBe(1)
  expect(stderr).toContain('no reading of a device called "nope" was published')
  expect(existsSync(file)).toBe(false)
})

test.each(['ndjson', 'csv'])(
  'a recording made as .%s gives the same readings when it is replayed',
  async (ending) => {
    const { facts } = await command.start()
    const recorded = async (name: string, publish: () => Promise<unknown>): Promise<string> => {
      const file = join(command.folder, `${name}.${ending}`)
      const recorder = command.spawn(['record', '--out', file, '--json', '--data', command.folder])
      const end = finished(recorder)
      await lineFrom(recorder, '{"event":"recording"')
      await publish()
      // A broker acknowledges to who publishes, and need not have told who listens by then.
      const lines = ending === 'csv' ? 5 : 4
      await expect.poll(() => readFileSync(file, 'utf8').match(/\n/g)?.length, { timeout: 5_000 }).toBe(lines)
      recorder.kill('SIGINT')
      const { code, stdout } = await end
      expect(code).toBe(0)
      expect(stdout).toContain(`"readings":4,"devices":2,"unreadable":${name === 'first' ? 1 : 0}`)
      return readFileSync(file, 'utf8')
    }
    const first = await recorded('first', async () => {
      const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
      await device.publishAsync('v1/press-7/temperature', 'nonsense', { qos: 1 })
      await device.publishAsync('v1/press-7/temperature', '71.4', { qos: 1 })
      await device.publishAsync('v1/press-7', '{"temperature": 71.9, "pressure": {"inlet": 6.1}}', { qos: 1 })
      await device.publishAsync('v1/press "8", left/on', '{"value": true, "ts": 1750000000.25}', { qos: 1 })
      await device.endAsync()
    })
    const again = await recorded('again', () =>
      command.run(['replay', join(command.folder, `first.${ending}`), '--data', command.folder]),
    )
    expect(again).toBe(first)
    expect(first).toContain('2025-06-15T15:06:40.250Z')
  },
)
