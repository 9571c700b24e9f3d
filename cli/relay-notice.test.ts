import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { relayNotice } from './relay-notice.ts'

const taken = (takeOver: string) =>
  relayNotice(
    { kind: 'taken', message: '', taken: { stream: 'tidemark', reason: 'another store', takeOver } },
    '/var/lib/tide mark',
  )

beforeEach(() => vi.stubEnv('NATS_URL', ''))
afterEach(() => vi.unstubAllEnvs())

beforeEach(() => vi.stubEnv('NATS_URL', ''))
afterEach(() => vi.unstubAllEnvs())

const begins =
  'nothing is published to stream "tidemark": another store. Readings are acknowledged meanwhile, and what they ' +
  'cause waits on the disk. '

test('a stream that another store writes to is reported with both ways on', () => {
  expect(taken('8a0c52d4-51c7-4f0e-9d0b-6b1a6f1f2d1a')).toBe(
    `${begins}For a stream of its own, start this tidemark with --stream and a name. If the other one is gone, ` +
      'because its data folder was deleted or moved, stop this tidemark, run this command and start it again: ' +
      "tidemark takeover --data '/var/lib/tide mark'",
  )
})

test('the command names the server that NATS_URL names, and no password', () => {
  vi.stubEnv('NATS_URL', 'nats://10.0.0.7:4222')
  expect(taken('8a0c52d4')).toContain(': NATS_URL=nats://10.0.0.7:4222 tidemark takeover --data')
  vi.stubEnv('NATS_URL', 'nats://ann:secret@10.0.0.7:4222')
  expect(taken('8a0c52d4')).toContain(': NATS_URL=… tidemark takeover --data')
})

test('the command names the server that NATS_URL names, and no password', () => {
  vi.stubEnv('NATS_URL', 'nats://10.0.0.7:4222')
  expect(taken('8a0c52d4')).toContain(': NATS_URL=nats://10.0.0.7:4222 tidemark takeover --data')
  vi.stubEnv('NATS_URL', 'nats://ann:secret@10.0.0.7:4222')
  expect(taken('8a0c52d4')).toContain(': NATS_URL=… tidemark takeover --data')
})

test('a message under an id of this store is reported with a command that passes over it', () => {
  expect(taken('8a0c-7-0')).toBe(
    `${begins}If nothing else writes to the stream, stop this tidemark and run: ` +
      "tidemark start --data '/var/lib/tide mark' --take-over 8a0c-7-0",
  )
})

test('what a message calls itself cannot add to the command, nor command the terminal', () => {
  expect(taken("x'; rm -rf ~; \u001b[2J-1-0")).toContain("--take-over 'x'\\''; rm -rf ~; \uFFFD[2J-1-0'")
})
