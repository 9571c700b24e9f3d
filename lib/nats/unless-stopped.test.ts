import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { unlessStopped } from './unless-stopped.ts'

test('gives what the promise comes to, and leaves nothing with the signal', async () => {
  const { signal } = new AbortController()
  expect(await unlessStopped(Promise.resolve(1), signal)).toBe(1)
  await expect(unlessStopped(Promise.reject(new Error('odd')), signal)).rejects.toThrow('odd')
  await new Promise(setImmediate)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('gives up when it is stopped, before or meanwhile', async () => {
  const stop = new AbortController()
  const given = unlessStopped(new Promise(() => {}), stop.signal)
  stop.abort()
  expect(await given).toBeUndefined()
  expect(await unlessStopped(new Promise(() => {}), stop.signal)).toBeUndefined()
})
