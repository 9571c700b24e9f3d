import { expect, test } from 'vitest'
import { readText } from './source-files.ts'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages } = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Locked> }

test('the lockfile names the binaries of every platform, without which npm ci refuses it', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`]?.version,
    ),
  )
  expect(missing).toEqual([])
})

test('the lockfile names no download addresses: every machine has its own registry', () => {
  const addressed = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))
  expect(addressed.map(([path]) => path)).toEqual([])
})
