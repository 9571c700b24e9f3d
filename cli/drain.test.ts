import type { ChildProcess } from 'node:child_process'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { TidemarkCommand } from '../test/support/tidemark-command.ts'
import { finished } from '../test/support/typescript-child.ts'

const command = new TidemarkCommand()
const noServer = { NATS_URL: 'nats://127.0.0.1:1' }

const publishAndKill = async (child: ChildProcess, port: number, payloads: readonly string[]) => {
  const device = await connectAsync(`mqtt://127.0.0.1:${port}`)
  await Promise.all(
    payloads.map((payload) => device.publishAsync('v1/press-7/temperature', payload, { qos: 1 })),
  )
  const end = finished(child)
  child.kill('SIGKILL')
  await end
  await device.endAsync(true)
}

const drain = async (environment: Record<string, string> = {}) => {
  const args = ['drain', '--json', '--for', '2s', '--data', command.folder]
  const { code, stdout, stderr } = await command.run(args, environment)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, number>
}

test('what a killed tidemark left is worked in, once, and nothing of it is lost', async () => {
  const { child, facts } = await command.start()
  const payloads = Array.from({ length: 200 }, (_, index) => `${70 + (index % 10) / 10}`)
  await publishAndKill(child, facts.mqtt.port, payloads)

  const first = await drain()
  expect(first).toMatchObject({ left: 0, waiting: 0 })
  expect(first['replayed']).toBeGreaterThan(0)
  expect(await drain()).toMatchObject({ replayed: 0, left: 0 })
  const { stdout } = await command.run(['devices', '--data', command.folder])
  expect(stdout).toContain('temperature 70.9')
})

test('without NATS it says how much waits, and a later one publishes that', async () => {
  const { child, facts } = await command.start(['--no-simulate'], noServer)
  await publishAndKill(child, facts.mqtt.port, ['not a number', 'nor this'])
  expect(await drain(noServer)).toMatchObject({ left: 0, published: 0, waiting: 2 })
  expect(await drain()).toMatchObject({ left: 0, published: 2, waiting: 0 })
})

test('a tidemark that is running is left alone', async () => {
  const { child } = await command.start()
  const { code, stderr } = await command.run(['drain', '--data', command.folder])
  expect(stderr).toContain(`process ${child.pid} is writing it; stop that process`)
  expect(code).toBe(1)
})
