import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { findNatsServer } from '../cli/nats/find-nats-server.ts'
import { startManagedNats } from '../cli/nats/managed-nats.ts'
import { lineFrom, spawnTypeScript } from '../test/support/typescript-child.ts'

test('an alarm is published for a reading that departs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alarms-on-nats-'))
  const nats = await startManagedNats({ program: findNatsServer()!, folder: join(folder, 'nats') })
  const program = new URL('./alarms-on-nats.ts', import.meta.url)
  const child = spawnTypeScript(program, [nats.url, '0', join(folder, 'data')])
  const published = lineFrom(child, 'published')
  const listening = await lineFrom(child, 'listening')
  const device = await connectAsync(`mqtt://127.0.0.1:${listening.split(' ').at(-1)}`)
  const now = Date.now()
  for (let second = 0; second < 60; second += 1) {
    const reading = { ts: now + second * 1_000, temperature: second === 59 ? 90 : 70 + (second % 5) / 10 }
    await device.publishAsync('v1/press-7', JSON.stringify(reading), { qos: 1 })
  }
  expect(await published).toMatch(/^published alarm\.press-7\.temperature, number 1/)
  await device.endAsync()
  child.kill('SIGKILL')
  await nats.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})
