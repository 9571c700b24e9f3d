import { expect, test } from 'vitest'
import { absenceSubject } from './absence-subject.ts'

test('a subject names the device', () => {
  expect(absenceSubject({ device: 'press-7' })).toBe('absence.press-7')
})

test('whatever the name is, the subject has two tokens of harmless characters', () => {
  for (const device of ['a.b', '*', '>', 'a b', 'a\r\nPUB x', '..', '$SYS', 'größe'])
    expect(absenceSubject({ device }), device).toMatch(/^absence\.[A-Za-z0-9_=-]+$/)
})
