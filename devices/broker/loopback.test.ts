import { expect, test } from 'vitest'
import { isLoopback } from './loopback.ts'

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '::ffff:127.0.0.1'])(
  '%s stays on this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

test.each(['0.0.0.0', '::', '', '192.168.1.7', '127.example.org', '::ffff:10.0.0.1', 'example.org'])(
  '%j is reachable from others',
  (host) => {
    expect(isLoopback(host)).toBe(false)
  },
)
