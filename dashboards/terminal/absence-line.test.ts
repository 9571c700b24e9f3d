import pc from 'picocolors'
import { expect, test } from 'vitest'
import type { DeviceAbsence } from '../../devices/wire/absence.ts'
import { absenceLine } from './absence-line.ts'

const time = new Date(2026, 0, 5, 9, 12, 44).getTime()
const line = (change: Partial<DeviceAbsence>): string =>
  absenceLine(
    { device: 'press-7', phase: 'absent', time, since: time - 303_000, ...change },
    pc.createColors(false),
  )

test('a silence says since when, a return how long it was', () => {
  expect(line({})).toBe('09:12:44  press-7 is silent, last heard at 09:07:41')
  expect(line({ phase: 'returned', since: time - 1_320_000 })).toBe('09:12:44  press-7 is back after 22 min')
})

test('a device name cannot command the terminal', () => {
  expect(line({ device: 'a\u001b[2Jb\n' })).toContain('a\uFFFD[2Jb\uFFFD is silent')
})
