import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writePrivateFile } from './private-file.ts'

test('only the owner can read it, also where others could read the file or its unfinished copy before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'private-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'url')
  for (const earlier of [file, `${file}.new`]) writeFileSync(earlier, 'earlier', { mode: 0o644 })
  writePrivateFile(file, 'secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toBe('secret')
  expect(readdirSync(folder)).toEqual(['url'])
})
