import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** To be imported before a TypeScript program, or another one that imports it. */
export const typeScriptHooks = new URL('./typescript-hooks.js', import.meta.url).href

/** A program beside the module at `url`, named without its ending: compiled when the module is. */
export const programBeside = (url: string, name: string): URL => new URL(`${name}${extname(url)}`, url)

export interface FinishedChild {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * The command line that runs the TypeScript program at `module`, for tests that need a process of its own.
 */
export const typeScriptCommand = (module: URL, args: readonly string[] = []): [string, string[]] => {
  const program = compiled(module)
  const hooks = program.href.endsWith('.ts') ? ['--import', typeScriptHooks] : []
  return [process.execPath, [...hooks, fileURLToPath(program), ...args]]
}

/**
 * What the build made of the program at `module`, which starts in half the time. The program itself where
 * there is none, and unless `npm test` says that the build is that of the sources as they are.
 */
export const compiled = (module: URL): URL => {
  if (!process.env['TIDEMARK_IS_BUILT'] || !module.href.startsWith(root.href)) return module
  const path = module.href.slice(root.href.length).replace(/\.ts$/, '.js')
  const built = new URL(`dist/${path}`, root)
  return existsSync(built) ? built : module
}

const root = new URL('../../', import.meta.url)

/** Without colors, which a CI's environment turns on even in pipes, unless `options` have an environment. */
export const spawnTypeScript = (
  module: URL,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): ChildProcess => {
  const [command, line] = typeScriptCommand(module, args)
  const env = { ...process.env, NO_COLOR: '1' }
  return spawn(command, line, { stdio: ['pipe', 'pipe', 'pipe'], env, ...options })
}

/** Resolves when the process is over and all it printed was read. */
export const finished = (child: ChildProcess): Promise<FinishedChild> => {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** Resolves with the first line the process prints that begins with `prefix`. */
export const lineFrom = (child: ChildProcess, prefix: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let held = ''
    child.stdout?.on('data', (chunk) => {
      held += chunk
      const line = held
        .split('\n')
        .slice(0, -1)
        .find((each) => each.startsWith(prefix))
      if (line !== undefined) resolve(line)
    })
    child.once('close', () =>
      reject(new Error(`the process ended without a line "${prefix}"; it printed: ${held}`)),
    )
  })
