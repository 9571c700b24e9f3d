import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { finished } from '../test/support/typescript-child.ts'

const notCloned = ['node_modules', 'dist', '.git']

/** The project as it is after a clone, before `npm ci`. */
const clone = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-clone-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const kept = (source: string): boolean => !notCloned.some((name) => source === resolve(name))
  cpSync(resolve('.'), folder, { recursive: true, filter: kept })
  return folder
}

const help = (folder: string) => {
  const cwd = join(folder, 'elsewhere')
  mkdirSync(cwd)
  return finished(spawn(join(folder, 'cli', 'tidemark.js'), ['--help'], { cwd }))
}

test('in a clone, the command builds itself before its first run', async () => {
  const folder = clone()
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const { code, stdout, stderr } = await help(folder)
  expect(stderr).toBe('tidemark: compiling ...\n')
  expect(stdout).toMatch(/^Usage: tidemark/)
  expect(code).toBe(0)
}, 60_000)

test('in a clone without its packages, the command says how to install them', async () => {
  const { code, stderr } = await help(clone())
  expect(stderr).toMatch(/^tidemark: .* is not installed: run npm ci once\.\n$/)
  expect(code).toBe(1)
})
