import { type SpawnOptions, spawn } from 'node:child_process'
import { type FinishedChild, finished } from '../support/typescript-child.ts'

/** The environment of a user at a prompt. What npm tells the scripts it runs would mislead another npm. */
export const atThePrompt = (): NodeJS.ProcessEnv => {
  const named =
    /^(npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix|config_loglevel)|INIT_CWD|NATS_URL|VITEST)/
  const kept = Object.entries(process.env).filter(([name]) => !named.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}

/** Runs a program to its end; one that takes longer than `limitMs` is killed, and told by its signal. */
export const run = (
  program: string,
  args: readonly string[],
  { limitMs = 300_000, ...options }: SpawnOptions & { readonly limitMs?: number },
): Promise<FinishedChild> => {
  const settings: SpawnOptions = { env: atThePrompt(), stdio: ['ignore', 'pipe', 'pipe'], ...options }
  return finished(spawn(program, args, { timeout: limitMs, killSignal: 'SIGKILL', ...settings }))
}

/** What it printed. @throws Error with what it said when it failed. */
export const outputOf = async (
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<string> => {
  const { code, signal, stdout, stderr } = await run(program, args, options)
  if (code === 0) return stdout
  throw new Error(`${[program, ...args].join(' ')} ended with ${code ?? signal}:\n${stdout}${stderr}`)
}
