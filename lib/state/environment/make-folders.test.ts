import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { makeFolders } from './make-folders.ts'

test('makes what is missing, for its owner alone, and names the first that it made', () => {
  const there = temporaryFolder()
  expect(makeFolders(join(there, 'a', 'b'))).toBe(join(there, 'a'))
  expect(statSync(join(there, 'a', 'b')).mode & 0o777).toBe(0o700)
  expect(makeFolders(join(there, 'a', 'b'))).toBeUndefined()
})

test('says what is in the way', () => {
  const there = temporaryFolder()
  writeFileSync(join(there, 'file'), '')
  expect(() => makeFolders(join(there, 'file'))).toThrow(/EEXIST/)
  expect(() => makeFolders(join(there, 'file', 'below'))).toThrow(/ENOTDIR/)
})

test.runIf(process.platform === 'linux')('returns where nothing can be made', () => {
  expect(() => makeFolders('/proc/nothing/here')).toThrow(/ENOENT/)
})
