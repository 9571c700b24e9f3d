import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { natsUserIn, saveNatsUrl } from './nats-user.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nats-user-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a user that is saved is found again, whatever the port', () => {
  const user = natsUserIn(folder)
  const url = saveNatsUrl(folder, user, 4222)
  expect(url).toBe(`nats://${user.user}:${user.pass}@127.0.0.1:4222`)
  expect(readFileSync(join(folder, 'url'), 'utf8')).toBe(`${url}\n`)
  expect(statSync(join(folder, 'url')).mode & 0o777).toBe(0o600)
  saveNatsUrl(folder, user, 4223)
  expect(natsUserIn(folder)).toEqual(user)
})

test('two folders have different users and passwords, of 24 random bytes', () => {
  const [one, other] = [natsUserIn(folder), natsUserIn(folder)]
  expect(one.user).not.toBe(other.user)
  expect(one.pass).not.toBe(other.pass)
  expect(one.pass).toHaveLength(32)
})

test.each(['', 'nats://127.0.0.1:4222\n', 'nats://ann:short@127.0.0.1:4222', 'nats://a"b{}:secret'])(
  'a file without a user that can be used is replaced: %j',
  (text) => {
    writeFileSync(join(folder, 'url'), text)
    const user = natsUserIn(folder)
    saveNatsUrl(folder, user, 4222)
    expect(natsUserIn(folder)).toEqual(user)
  },
)
