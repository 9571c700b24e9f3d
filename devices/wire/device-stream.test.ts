import { expect, test } from 'vitest'
import { streamNameFault, subjectPrefix } from './device-stream.ts'

test('only the default stream has subjects without its name', () => {
  expect(subjectPrefix('tidemark')).toBe('')
  expect(subjectPrefix('plant-2')).toBe('plant-2.')
})

test.each(['tidemark', 'plant-2', 'Halle_3', 'x'.repeat(90)])('%s is a name', (name) => {
  expect(streamNameFault(name)).toBeUndefined()
})

test.each([
  ['', '"": use 1 to 90 letters'],
  ['a.b', '"a.b": use 1 to 90 letters, digits, "-" and "_"'],
  ['x'.repeat(91), 'use 1 to 90'],
  ['late', '"late" begins the subjects of stream "tidemark", late.>: choose another name'],
  ['plant-rejected', 'choose a name that does not end in "-rejected"'],
])('%j is not, and the fault says why', (name, fault) => {
  expect(streamNameFault(name)).toContain(fault)
})
