import { expect, test } from 'vitest'
import { versionsInWords } from './versions-in-words.ts'

test.each([
  [{ '1': 103 }, 'version 1'],
  [{ '1 (1, 1 (1, 1))': 103 }, 'version 1'],
  [{ '1': 3, '2': 1_000 }, '3 of version 1, 1,000 of version 2'],
  [{ '1 (1, 1)': 3, '1 (2, 1)': 9 }, 'version 1, with parts of different versions (--json has each)'],
])('%j is %s', (versions, words) => {
  expect(versionsInWords(versions)).toBe(words)
})
