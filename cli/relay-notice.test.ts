import { expect, test } from 'vitest'
import { relayNotice } from './relay-notice.ts'

const taken = (takeOver: string) =>
  relayNotice(
    { kind: 'taken', message: '', taken: { stream: 'tidemark', reason: 'another store', takeOver } },
    '/var/lib/tide mark',
  )

test('a stream that is taken is reported with a command that resolves it', () => {
  expect(taken('8a0c52d4-51c7')).toBe(
    'nothing is published to stream "tidemark": another store. Readings are acknowledged meanwhile, and what they ' +
      'cause waits on the disk. If nothing else writes to the stream, stop this tidemark and run: ' +
      "tidemark start --data '/var/lib/tide mark' --take-over 8a0c52d4-51c7",
  )
})

test('what a message calls itself cannot add to the command, nor command the terminal', () => {
  expect(taken("x'; rm -rf ~; \u001b[2J")).toContain("--take-over 'x'\\''; rm -rf ~; \uFFFD[2J'")
})
