import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processCommand } from '../process-command.ts'
import { findNatsServer } from './find-nats-server.ts'
import { startManagedNats } from './managed-nats.ts'
import { readNatsInfo } from './nats-info.ts'
import { launchNats } from './nats-process.ts'

const program = findNatsServer() ?? 'nats-server'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'managed-nats-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const portOf = (url: string): number => Number(new URL(url).port)

test('the server answers with JetStream, on a free port, and is gone after a stop', async () => {
  const one = await startManagedNats({ program, folder: join(folder, 'one'), port: 14_222 })
  const two = await startManagedNats({ program, folder: join(folder, 'two'), port: 14_222 })
  expect(portOf(two.url)).toBeGreaterThan(portOf(one.url))
  expect(await readNatsInfo(portOf(one.url))).toMatchObject({ jetstream: true, version: one.version })
  await Promise.all([one.stop(), two.stop()])
  await expect(readNatsInfo(portOf(one.url))).rejects.toThrow('no NATS server')
})

test('a killed server comes back at the same address', async () => {
  const notices: string[] = []
  const nats = await startManagedNats({ program, folder, onNotice: (line) => notices.push(line) })
  const { pid } = nats
  process.kill(pid!, 'SIGKILL')
  await vi.waitFor(() => expect(notices.at(-1)).toContain('is back'), { timeout: 10_000 })
  expect(nats.pid).not.toBe(pid)
  expect(await readNatsInfo(portOf(nats.url))).toMatchObject({ jetstream: true })
  await nats.stop()
  expect(notices).toEqual([expect.stringContaining('SIGKILL'), expect.stringContaining('is back')])
})

test('a server that no longer answers is replaced', async () => {
  const notices: string[] = []
  const onNotice = (line: string): void => void notices.push(line)
  const nats = await startManagedNats({ program, folder, onNotice, checkEveryMs: 50 })
  process.kill(nats.pid!, 'SIGSTOP')
  await vi.waitFor(() => expect(notices.at(-1)).toContain('is back'), { timeout: 20_000 })
  await nats.stop()
})

test('the server of a killed parent is ended before another one uses its store', async () => {
  const first = await startManagedNats({ program, folder })
  await first.stop()
  const orphan = launchNats(program, folder)
  await vi.waitFor(() => readNatsInfo(portOf(first.url)), { timeout: 10_000 })
  const notices: string[] = []
  const second = await startManagedNats({ program, folder, onNotice: (line) => notices.push(line) })
  expect(orphan.end).toBeDefined()
  expect(notices).toEqual([expect.stringContaining(String(orphan.pid))])
  await second.stop()
})

test('a process that merely has the recorded id is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const first = await startManagedNats({ program, folder })
  await first.stop()
  writeFileSync(join(folder, 'nats.pid'), String(stranger.pid))
  const second = await startManagedNats({ program, folder })
  expect(processCommand(stranger.pid!)).toContain('setInterval')
  await second.stop()
  stranger.kill('SIGKILL')
})

test('a program that cannot start is reported with the end of its log', async () => {
  await expect(startManagedNats({ program: '/bin/false', folder })).rejects.toThrow(
    'does not start (exit code 1)',
  )
})
