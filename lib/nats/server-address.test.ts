import { expect, test } from 'vitest'
import { readServerAddresses, shownAddress } from './server-address.ts'

test.each([
  ['127.0.0.1:4222', ['127.0.0.1:4222'], {}],
  ['nats://host:4222', ['nats://host:4222'], {}],
  ['nats://ann:secret@host:4222', ['nats://host:4222'], { user: 'ann', pass: 'secret' }],
  ['nats://ann:a%40b%3Ac@host', ['nats://host'], { user: 'ann', pass: 'a@b:c' }],
  ['nats://ann:50%:half@host', ['nats://host'], { user: 'ann', pass: '50%:half' }],
  ['tls://t0ken@host', ['tls://host'], { token: 't0ken' }],
  ['ann:secret@one:4222, two:4222', ['one:4222', 'two:4222'], { user: 'ann', pass: 'secret' }],
  [['one:1', 'nats://t@two:2'], ['one:1', 'nats://two:2'], { token: 't' }],
])('%s is read', (servers, addresses, credentials) => {
  expect(readServerAddresses(servers)).toEqual({ addresses, credentials })
})

test('what is shown of an address says nothing of who connects', () => {
  expect(shownAddress('nats://ann:secret@one:4222,nats://two:4222')).toBe('nats://one:4222,nats://two:4222')
})
