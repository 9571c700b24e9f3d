import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { freePort } from '../../cli/free-port.ts'
import { compiled, typeScriptCommand, typeScriptHooks } from '../support/typescript-child.ts'

const library = new URL('../../lib/index.ts', import.meta.url)
const root = resolve(import.meta.dirname, '../..')

/** A folder in which the commands of a page are run, and in which its programs find tidemark. */
export interface PageFolder {
  readonly path: string
  readonly environment: NodeJS.ProcessEnv
  /** The text with what a page may take for granted put in: free ports, and a place below the folder. */
  inPlace(text: string): string
}

/** `tidemark` is the source as it stands, or its build; other packages are those of the repository. */
export const makePageFolder = async (): Promise<PageFolder> => {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-page-'))
  for (const name of ['bin', 'node_modules', 'root/tmp', 'root/backups']) {
    mkdirSync(join(path, name), { recursive: true })
  }
  linkPackages(join(path, 'node_modules'))
  const port = await freePort(25_000 + (process.pid % 3_000))
  const ports = new Map([
    ['1883', port],
    ['1884', await freePort(port + 1)],
  ])
  for (const [name, text] of Object.entries(programs(port))) {
    writeFileSync(join(path, 'bin', name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(path, 'bin', name), 0o755)
  }
  const { NATS_URL: _, NODE_OPTIONS: __, VITEST: ___, ...outside } = process.env
  return {
    path,
    environment: {
      ...outside,
      ...{ NO_COLOR: '1', TIDEMARK_PORT: `${port}`, PATH: `${join(path, 'bin')}:${process.env['PATH']}` },
    },
    inPlace: (text) =>
      text
        .replace(/\b188[34]\b/g, (name) => `${ports.get(name)}`)
        .replace(/(?<=^|[\s'"=(])\/(?=(tmp|backups)\b)/gm, `${path}/root/`),
  }
}

const linkPackages = (folder: string): void => {
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(folder, name))
  }
  const own = join(folder, 'tidemark')
  mkdirSync(own)
  for (const name of ['lib', 'devices', 'simulators', 'dist']) symlinkSync(join(root, name), join(own, name))
  const doors = {
    '.': 'lib',
    './testing': 'lib/testing',
    './devices': 'devices',
    './simulators': 'simulators',
  }
  const exports = Object.fromEntries(Object.entries(doors).map(([door, inside]) => [door, doorTo(inside)]))
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'tidemark', type: 'module', exports }))
  writeFileSync(join(folder, '../package.json'), '{ "name": "page", "private": true, "type": "module" }\n')
}

/** Programs are compiled with the source. What they run is its build, if there is one. */
const doorTo = (folder: string): { readonly types: string; readonly default: string } => {
  const source = join(root, folder, 'index.ts')
  const run = fileURLToPath(compiled(pathToFileURL(source)))
  return { types: `./${relative(root, source)}`, default: `./${relative(root, run)}` }
}

/** The words that pages use for what `npm` and `npx` would find in a clone. */
const programs = (port: number): Record<string, string> => {
  const isCompiled = fileURLToPath(compiled(library)).endsWith('.js')
  const node = isCompiled ? `"${process.execPath}"` : `"${process.execPath}" --import "${typeScriptHooks}"`
  const tidemark = commandLine('cli/main.ts')
  return {
    // A page may kill what it has run last: <!-- given: kill -9 $(cat node.pid) -->
    node: `echo $$ > node.pid; exec ${node} "$@"`,
    tidemark: `exec ${tidemark} "$@"`,
    npx: `[ "$1" = tidemark ] || exec "${found('npx')}" "$@"\nshift\nexec ${tidemark} "$@"`,
    npm: [
      `[ "$1" = start ] || exec "${found('npm')}" "$@"`,
      'shift',
      '[ "$1" != -- ] || shift',
      `npm_lifecycle_event=start exec ${tidemark} start "$@"`,
    ].join('\n'),
    mosquitto_pub: found('mosquitto_pub')
      ? `exec "${found('mosquitto_pub')}" -p ${port} "$@"`
      : `exec ${commandLine('test/documents/publish.ts')} -p ${port} "$@"`,
    // For <!-- given: start-tidemark -->: one runs in the folder until `stop-tidemark`, or the page ends.
    'start-tidemark': [
      '[ ! -e tidemark.pid ] || exit 0',
      `${tidemark} start --no-simulate "$@" > tidemark.log 2>&1 &`,
      'echo $! > tidemark.pid',
      'for i in $(seq 300); do grep -q "is running" tidemark.log && exit 0; sleep 0.1; done',
      'cat tidemark.log; exit 1',
    ].join('\n'),
    'stop-tidemark': [
      'kill -TERM $(cat tidemark.pid)',
      'while kill -0 $(cat tidemark.pid) 2> /dev/null; do sleep 0.1; done',
      'rm tidemark.pid',
    ].join('\n'),
  }
}

const commandLine = (program: string): string => {
  const [node, line] = typeScriptCommand(pathToFileURL(join(root, program)))
  return [node, ...line].map((word) => `"${word}"`).join(' ')
}

const found = (program: string): string => {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

export const isInRepository = (path: string): boolean => existsSync(join(root, path))
