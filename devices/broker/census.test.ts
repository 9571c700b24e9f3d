import { expect, test } from 'vitest'
import type { Reading } from '../wire/reading.ts'
import { Census } from './census.ts'
import { brokerLimits } from './limits.ts'

const readingOf = (device: string): Reading => ({ device, metric: 'temperature', value: 20, time: 0 })

test('devices that were known before do not count as new', () => {
  const limits = { ...brokerLimits, newDevicesPerSecond: 0, newDevicesBurst: 1 }
  const census = new Census(limits, (device) => device.startsWith('known'))
  for (const device of ['known-1', 'known-2', 'new-1', 'known-3']) {
    expect(census.exceeded(readingOf(device), 0)).toBeUndefined()
  }
  expect(census.exceeded(readingOf('new-2'), 0)).toBe('newDevicesPerSecond')
})
