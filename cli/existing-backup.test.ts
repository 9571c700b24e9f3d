import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { existingBackup, existingStore } from './existing-backup.ts'

const withData = (folder: string): string => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'data.mdb'), '')
  return folder
}

test('what holds data is found, of a data folder the store inside', () => {
  const folder = temporaryFolder()
  const backup = withData(join(folder, 'backup'))
  const store = withData(join(folder, 'store'))
  expect(existingBackup(backup)).toBe(backup)
  expect(existingStore(backup)).toBe(backup)
  expect(existingStore(folder)).toBe(store)
})

test('a folder of backups says which there are, and one of nothing that there is none', () => {
  const folder = temporaryFolder()
  const backups = ['2026-03-01', '2026-03-02'].map((name) => withData(join(folder, name)))
  mkdirSync(join(folder, 'other'))
  for (const find of [existingBackup, existingStore]) {
    expect(() => find(folder)).toThrow(new RegExp(`in ${folder}: name a .*, such as ${backups.join(', ')}$`))
    for (const name of ['other', 'nowhere']) {
      expect(() => find(join(folder, name))).toThrow(
        new RegExp(`in ${folder}/${name}: name a .*(made|backup)$`),
      )
    }
  }
})
