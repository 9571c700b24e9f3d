import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the C source is, also when this module runs compiled from dist. */
const sourceFile = (): string => {
  const inTree = join('test', 'faults', 'power-cut', 'power-cut.c')
  for (let folder = import.meta.dirname; ; folder = join(folder, '..')) {
    const file = join(folder, inTree)
    if (existsSync(file)) return file
    if (join(folder, '..') === folder)
      throw new Error(`${inTree} is not in any folder above ${import.meta.dirname}`)
  }
}

/**
 * Compiles the shim and returns the path of the library to preload, which goes with this process. Installs a
 * C compiler through the platform's package manager when there is none, saying so in one line. Linux with
 * glibc only.
 */
export const buildShim = (say: (line: string) => void = console.error): string => {
  if (process.platform !== 'linux') {
    throw new Error(
      'the power cut needs LD_PRELOAD and /proc, which only Linux has; run it in a Linux container',
    )
  }
  const compiler = findCompiler() ?? installCompiler(say)
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-shim-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const library = join(folder, 'power-cut.so')
  const flags = ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC']
  const { status, stderr } = spawnSync(
    compiler,
    [...flags, '-o', library, sourceFile(), '-ldl', '-lpthread'],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0 || !statSync(library).isFile()) throw new Error(`power-cut.c does not compile:\n${stderr}`)
  return library
}

const findCompiler = (): string | undefined =>
  ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)

const installCompiler = (say: (line: string) => void): string => {
  for (const [program, ...steps] of packageManagers) {
    if (spawnSync(program, ['--version']).status !== 0) continue
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
    say(
      `there is no C compiler on this machine; installing one with: ${[program, ...(steps.at(-1) ?? [])].join(' ')}`,
    )
    for (const step of steps) {
      const [command, ...args] = [...sudo, program, ...step] as [string, ...string[]]
      spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    }
    const compiler = findCompiler()
    if (compiler) return compiler
  }
  throw new Error(
    'no C compiler: install gcc or clang with the package manager of this system, then run it again',
  )
}

const packageManagers: readonly (readonly [string, ...(readonly string[])[]])[] = [
  ['apt-get', ['update', '-q'], ['install', '-qy', 'gcc', 'libc6-dev']],
  ['dnf', ['install', '-qy', 'gcc', 'glibc-devel']],
  ['zypper', ['--non-interactive', 'install', 'gcc', 'glibc-devel']],
  ['pacman', ['-S', '--noconfirm', 'gcc']],
]
