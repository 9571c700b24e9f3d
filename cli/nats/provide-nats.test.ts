import { tmpdir } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { howToGetNats, natsServerPackage } from './nats-server-package.ts'
import { provideNats } from './provide-nats.ts'

const onNotice = (): void => {}

afterEach(() => vi.unstubAllEnvs())

test('a server that NATS_URL names is used as it is', async () => {
  vi.stubEnv('NATS_URL', 'nats://127.0.0.1:4299')
  const nats = await provideNats(tmpdir(), { onNotice })
  expect(nats).toMatchObject({ url: 'nats://127.0.0.1:4299', isManaged: false })
})

test('a NATS_URL that is no address is refused', async () => {
  vi.stubEnv('NATS_URL', 'foo:bar:baz')
  await expect(provideNats(tmpdir(), { onNotice })).rejects.toThrow('NATS_URL is "foo:bar:baz", which is no')
})

test('what is refused is said without user and password', async () => {
  vi.stubEnv('NATS_URL', 'nats://ann:secret@foo:bar:baz')
  await expect(provideNats(tmpdir(), { onNotice })).rejects.toThrow(
    'NATS_URL is "nats://foo:bar:baz", which is',
  )
})

test('without a server and a program nothing is installed, and the error says what would', async () => {
  vi.stubEnv('NATS_URL', '')
  const nothing = provideNats(tmpdir(), { onNotice, find: () => undefined })
  await expect(nothing).rejects.toThrow(howToGetNats(natsServerPackage()).join('\n'))
})

test('a port is for a server that tidemark runs', async () => {
  vi.stubEnv('NATS_URL', 'nats://127.0.0.1:4299')
  await expect(provideNats(tmpdir(), { onNotice, port: 4333 })).rejects.toThrow(
    '--nats-port is for the NATS server that tidemark runs, and NATS_URL names another: leave one of them out',
  )
})

test('the line is that of the platform', () => {
  const line = (platform: NodeJS.Platform, hasApt: boolean, userId: number) =>
    natsServerPackage(platform, () => hasApt, userId)?.line
  expect(line('darwin', false, 501)).toBe('brew install nats-server')
  expect(line('linux', true, 0)).toBe('apt-get update && apt-get install -y nats-server')
  expect(line('linux', true, 1000)).toBe('sudo apt-get update && sudo apt-get install -y nats-server')
  expect(line('linux', false, 0)).toBeUndefined()
  expect(howToGetNats(undefined).join(' ')).toContain('https://nats.io/download')
})
