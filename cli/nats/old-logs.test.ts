import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeOldLogs } from './old-logs.ts'

test('the log and the newest of those that were rotated stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'old-logs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const names = [
    'nats.conf',
    'nats.log',
    'nats.log.2026.11.28.09',
    'nats.log.2026.11.29.08',
    'nats.log.2025.01',
  ]
  for (const name of names) writeFileSync(join(folder, name), '')
  removeOldLogs(folder)
  expect(readdirSync(folder).sort()).toEqual(['nats.conf', 'nats.log', 'nats.log.2026.11.29.08'])
  removeOldLogs(join(folder, 'missing'))
})
