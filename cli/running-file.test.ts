import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRunning, removeRunning, runningFile, writeRunning } from './running-file.ts'

const addresses = { mqtt: 'mqtt://127.0.0.1:1883', nats: 'nats://127.0.0.1:4222' }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'running-file-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what a running process wrote is found, until it removes it', () => {
  writeRunning(folder, addresses)
  expect(readRunning(folder)).toMatchObject({ pid: process.pid, ...addresses })
  removeRunning(folder)
  expect(readRunning(folder)).toBeUndefined()
})

test('a process that has ended does not count as running', () => {
  writeFileSync(runningFile(folder), JSON.stringify({ pid: 4_194_303, command: 'node', ...addresses }))
  expect(readRunning(folder)).toBeUndefined()
})

test('another process with the same id does not count as running', () => {
  writeRunning(folder, addresses)
  const file = runningFile(folder)
  const written = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...written, command: 'another program' }))
  expect(readRunning(folder)).toBeUndefined()
})

test('a file that was cut off does not count as running', () => {
  writeFileSync(runningFile(folder), '{"pid":')
  expect(readRunning(folder)).toBeUndefined()
})

test('a file that cannot be read is an error with the remedy', () => {
  mkdirSync(runningFile(folder))
  expect(() => readRunning(folder)).toThrow(
    /running\.json", which has .*NATS password, cannot be read \(EISDIR\): run this command as the user/,
  )
})
