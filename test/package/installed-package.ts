import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf } from './output-of.ts'

export interface InstalledPackage {
  /** The project it is installed in. */
  readonly project: string
  /** What it carries, below its own folder. */
  readonly files: readonly string[]
  /** Size of what is downloaded, in 1,000 bytes. */
  readonly kilobytes: number
}

/** Packs the repository at `root` and installs the package in a project in `folder` that has nothing else. */
export const installPackage = async (root: string, folder: string): Promise<InstalledPackage> => {
  const project = join(folder, 'project')
  mkdirSync(project)
  await outputOf('npm', ['pack', '--pack-destination', folder], { cwd: root })
  const packed = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  if (packed.length !== 1) throw new Error(`npm pack made ${packed.join(' and ') || 'nothing'}`)
  const tarball = join(folder, packed[0]!)
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n')
  await outputOf('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: project })
  return {
    project,
    files: filesBelow(join(project, 'node_modules', 'tidemark')),
    kilobytes: Math.round(statSync(tarball).size / 1_000),
  }
}

const filesBelow = (folder: string, prefix = ''): string[] =>
  readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`
    return entry.isDirectory() ? filesBelow(folder, `${path}/`) : [path]
  })

const needed = [
  'package.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'cli/tidemark.js',
  'dist/cli/main.js',
  'dist/lib/index.js',
  'dist/lib/index.d.ts',
  'docs/guarantees.md',
]

/** For whoever works on tidemark, not for whoever uses it. */
const ours =
  /(^|\/)(test|bench|examples|scripts|node_modules)\/|\.(test|bench|fixture)\.|(?<!\.d)\.ts$|^dist\/\./

/** What it lacks and what it carries in vain, in words. */
export const packingFaults = (files: readonly string[]): string[] => [
  ...needed.filter((file) => !files.includes(file)).map((file) => `the package lacks ${file}`),
  ...files.filter((file) => ours.test(file)).map((file) => `the package carries ${file}`),
]
