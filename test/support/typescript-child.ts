import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
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
export const typeScriptCommand = (module: URL, args: readonly string[] = []): [string, string[]] => [
  process.execPath,
  [...(module.href.endsWith('.ts') ? ['--import', typeScriptHooks] : []), fileURLToPath(module), ...args],
]

export const spawnTypeScript = (
  module: URL,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): ChildProcess => {
  const [command, line] = typeScriptCommand(module, args)
  return spawn(command, line, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
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
