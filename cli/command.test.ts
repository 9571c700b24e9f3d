import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished, lineFrom } from '../test/support/typescript-child.ts'
import { readNatsInfo } from './nats/nats-info.ts'

const command = new TidemarkCommand()

describe('the command line', () => {
  test('is a file that runs by itself, under any name that is a link to it', () => {
    const { bin, version } = JSON.parse(readFileSync('package.json', 'utf8'))
    const link = join(command.folder, 'link')
    symlinkSync(resolve(bin.tidemark), link)
    expect(execFileSync(link, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
  })

  test('help shows examples and every command, and ends with 0', async () => {
    const { code, stdout } = await command.run(['--help'])
    expect(code).toBe(0)
    for (const word of [
      'start',
      'simulate',
      'devices',
      'tail',
      'drain',
      'replay',
      'record',
      'inspect',
      'backup',
      'restore',
      'takeover',
      'Examples',
      'Exit codes',
    ]) {
      expect(stdout).toContain(word)
    }
  })

  test.each([
    ['a mistyped command', ['strat'], /Did you mean start\?/],
    ['a mistyped option', ['start', '--prot', '1'], /Did you mean --port\?/],
    ['a port that is none', ['start', '--port', 'x'], /Give a whole number, from 1 to/],
    ['a moment that is none', ['tail', '--since', 'yesterday'], /Give a length like 10m/],
    ['an address that is none', ['tail', '--nats', 'a:b:c'], /Give an address like nats:/],
    ['a broker without a scheme', ['record', '--broker', 'localhost:1883'], /Give an address like mqtt:/],
    ['a name no topic has', ['simulate', '--lines', 'a/b'], /Give letters, digits, _ and -/],
    ['a stream that is none', ['tail', '--stream', 'a.b'], /use 1 to 90 letters, digits, "-" and "_"/],
    ['a filter that is none', ['start', '--retain', 'a/#/b'], /--retain.*a\/#\/b.* is invalid/],
  ])('%s ends with 2 and says what would do', async (_what, args, advice) => {
    const { code, stderr } = await command.run(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(advice)
  })

  test.each([['start'], ['tail']])('%s refuses a NATS_URL without showing its password', async (name) => {
    const { code, stderr } = await command.run([name], { NATS_URL: 'nats://ann:secret@a:b:c' })
    expect(code).toBe(2)
    expect(stderr).toContain('NATS_URL is "nats://a:b:c", which is no address')
    expect(stderr).not.toContain('secret')
  })

  test.each([
    [['devices'], /there is no data in .*: run "tidemark start"/],
    [['tail'], /no tidemark is running on/],
    [['simulate', '--broker', 'mqtt://127.0.0.1:1'], /no MQTT broker at mqtt:\/\/127.0.0.1:1/],
  ])('%j without a running tidemark ends with 1 and says what to do', async (args, advice) => {
    const { code, stderr } = await command.run([...args, '--data', command.folder])
    expect(stderr).toMatch(advice)
    expect(code).toBe(1)
  })
})

describe('a data folder that cannot be used', () => {
  test.each([
    ['there is a file of that name', 'file'],
    ['it would be inside a file', 'file/data'],
    ...(process.platform === 'linux' ? [['no folder can be made there', '/proc/nothing']] : []),
  ])('is named, with the reason: %s', async (reason, name) => {
    writeFileSync(join(command.folder, 'file'), '')
    const data = resolve(command.folder, name)
    const { code, stderr } = await command.run(['start', '--no-simulate', '--data', data])
    expect(stderr).toBe(
      `tidemark: data folder "${data}" cannot be used: ${reason}; name another one with --data\n`,
    )
    expect(code).toBe(1)
  })
})

describe('without a NATS server', () => {
  test('start says so and takes readings all the same', async () => {
    const { child, facts, said } = await command.start(['--no-simulate'], { NATS_URL: 'nats://127.0.0.1:1' })
    const end = finished(child)
    const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
    await device.publishAsync('v1/press-7/temperature', '71.4', { qos: 1 })
    await device.endAsync(true)
    child.kill('SIGINT')
    const { code } = await end
    expect(said()).toBe(
      'no NATS server at nats://127.0.0.1:1: connection refused; ' +
        'trying again, and what is to be published waits on the disk\n',
    )
    expect(facts).toMatchObject({ natsIsConnected: false })
    expect(code).toBe(0)
  })

  test('tail says so and waits for one', async () => {
    const child = command.spawn(['tail', '--nats', 'nats://127.0.0.1:1'])
    const end = finished(child)
    const said = new Promise<void>((resolve) =>
      child.stderr?.on('data', (chunk) => String(chunk).includes('trying again') && resolve()),
    )
    await said
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
  })
})

describe('a running tidemark', () => {
  test('keeps what it acknowledged over an end and a start, and ends with 0 when interrupted', async () => {
    const { child, facts } = await command.start()
    const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
    await device.publishAsync('v1/press-7/temperature', '71.4', { qos: 1 })
    const before = await command.run(['devices', '--json', '--data', command.folder])
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

    const after = await command.run(['devices', 'press', '--data', command.folder])
    expect(after.stdout).toContain('temperature 71.4')
    expect((await command.run(['tail', '--data', command.folder])).code).toBe(1)
  })

  test('tells why something that was published is not among its devices', async () => {
    const { facts } = await command.start()
    const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`)
    await device.publishAsync('v1/press-8/temperature', 'nonsense', { qos: 1 })
    await device.endAsync()
    const { code, stderr } = await command.run(['devices', 'press-8', '--data', command.folder])
    expect(stderr).toMatch(/no device is named like "press-8"; .*tidemark tail --left-out/)
    expect(code).toBe(1)
    const tail = command.spawn(['tail', '--left-out', '--since', '1h', '--data', command.folder])
    expect(await lineFrom(tail, '')).toMatch(/ dead v1\/press-8\/temperature "nonsense": .*number/)
    tail.kill('SIGINT')
    const other = command.spawn(['tail', '--device', 'press-8', '--data', command.folder])
    const said = new Promise<void>((resolve) =>
      other.stderr?.on('data', (chunk) => String(chunk).includes('waiting') && resolve()),
    )
    const end = finished(other)
    await said
    other.kill('SIGINT')
    expect((await end).stderr).toMatch(
      /^anomalies at .*, in the order of arrival, .* ends\nno device press-8 has published yet; waiting\n$/,
    )
  })

  test('is told of when another one is started on its data', async () => {
    const { child } = await command.start()
    const { code, stderr } = await command.run(['start', '--no-simulate', '--data', command.folder])
    expect(code).toBe(1)
    expect(stderr).toContain(`runs on this data folder already, process ${child.pid}: stop it`)
  })

  test('goes on after a kill, with the server that the killed one left behind ended', async () => {
    const first = await command.start()
    const end = finished(first.child)
    first.child.kill('SIGKILL')
    await end
    expect(await readNatsInfo(Number(new URL(first.facts.nats).port))).toMatchObject({ jetstream: true })
    const second = await command.start()
    const ended = finished(second.child)
    second.child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
    await expect(readNatsInfo(Number(new URL(first.facts.nats).port))).rejects.toThrow('no NATS server')
  })

  test('ends in order, with its NATS server, when its terminal is closed', async () => {
    const { child, facts } = await command.start()
    const ended = finished(child)
    child.kill('SIGHUP')
    expect(await ended).toMatchObject({ code: 0 })
    await expect(readNatsInfo(Number(new URL(facts.nats).port))).rejects.toThrow('no NATS server')
  })

  test('kills itself at the crash point it is armed for', async () => {
    const child = command.spawn(['start', '--json', '--data', command.folder, '--port', '21883'], {
      TIDEMARK_CRASH_AT: 'flushed:3',
    })
    expect(await finished(child)).toMatchObject({ code: null, signal: 'SIGKILL' })
    await command.start().then(({ child: next }) => next.kill('SIGINT'))
  })

  test('ends with 1 when the port that it was asked for is taken', async () => {
    const other = createServer().listen(21_983, '127.0.0.1')
    const start = ['start', '--no-simulate', '--data', command.folder]
    const byOption = await command.run([...start, '--port', '21983'])
    const byEnvironment = await command.run(start, { TIDEMARK_PORT: '21983' })
    for (const { code, stderr } of [byOption, byEnvironment]) {
      expect(stderr).toMatch(/^tidemark: port 21983 is taken by .*choose another port with --port/m)
      expect(code).toBe(1)
    }
    other.close()
  })

  test('ends at once at a second interruption', async () => {
    const { child } = await command.start()
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
    const { child } = await command.start([])
    const anomaly = lineFrom(child, '{"event":"anomaly"')
    const began = performance.now()
    expect(JSON.parse(await anomaly)).toMatchObject({ phase: 'opened', score: expect.any(Number) })
    expect(performance.now() - began).toBeLessThan(15_000)

    const tail = command.spawn(['tail', '--data', command.folder, '--since', '1h'])
    expect(await lineFrom(tail, '')).toMatch(/ line-00\d-machine-0\d \w+ .*, usually .* standard deviations /)
    tail.kill('SIGINT')
    const simulation = await command.run([
      ...['simulate', '--data', command.folder, '--json', '--seed', '9', '--sensors', '8'],
      ...['--history', '30s', '--for', '2s'],
    ])
    const devices = await command.run(['devices', '--data', command.folder, '--json', 'machine-01'])
    const names = devices.stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line).device] : []))
    expect(names).toEqual(expect.arrayContaining(['line-001-machine-01', 'sim-line-001-machine-01']))
    expect(JSON.parse(simulation.stdout)).toMatchObject({
      sensors: 8,
      score: { falseAlarms: expect.any(Number) },
    })
  }, 60_000)
})

const natsPid = (): number => Number(readFileSync(join(command.folder, 'nats', 'nats.pid'), 'utf8'))
