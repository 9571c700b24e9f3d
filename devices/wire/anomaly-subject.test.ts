import { expect, test } from 'vitest'
import { anomalySubject } from './anomaly-subject.ts'

test('a subject names device and metric', () => {
  expect(anomalySubject({ device: 'press-7', metric: 'temperature' })).toBe('anomaly.press-7.temperature')
})

test('whatever the names are, the subject has three tokens of harmless characters', () => {
  for (const name of ['a.b', '*', '>', 'a b', 'a\r\nPUB x', '..', '$SYS', 'größe'])
    expect(anomalySubject({ device: name, metric: name }), name).toMatch(/^anomaly(\.[A-Za-z0-9_=-]+){2}$/)
})
