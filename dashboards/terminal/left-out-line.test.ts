import pc from 'picocolors'
import { expect, test } from 'vitest'
import type { LeftOut } from '../left-out-feed.ts'
import { leftOutLine } from './left-out-line.ts'

const time = new Date(2026, 0, 5, 9, 12, 44).getTime()
const line = (kind: LeftOut['kind'], reason: string, value: unknown): string =>
  leftOutLine({ kind, device: 'press-7', time, reason, value }, pc.createColors(false))

test('a reading is shown as one', () => {
  const reading = { device: 'press-7', metric: 'temperature', value: 71.4, time: 0 }
  expect(line('late', '2 min behind its clock', reading)).toBe(
    '09:12:44  late press-7 temperature 71.4: 2 min behind its clock',
  )
})

test('what could not be read is shown as text, cut short, with its topic', () => {
  const unreadable = (text: string) => ({
    topic: 'v1/press-8',
    payload: Buffer.from(text).toString('base64'),
  })
  expect(line('dead', 'not a number', unreadable('nonsense'))).toBe(
    '09:12:44  dead v1/press-8 "nonsense": not a number',
  )
  expect(line('dead', 'too long', unreadable('x'.repeat(61)))).toContain(`"${'x'.repeat(60)}…": too long`)
})

test('what is neither is told of all the same, and cannot command the terminal', () => {
  expect(line('dead', 'refused\u001b[2J', null)).toBe('09:12:44  dead something: refused\uFFFD[2J')
})
