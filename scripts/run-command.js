import { spawn } from 'node:child_process'

/**
 * Runs a command to its end and resolves with its exit code. What it prints goes to stderr, unless
 * `stdout` is true; with `quiet` it is shown only when the command fails.
 */
export const runCommand = (command, args, { stdout = false, quiet = false, env = process.env } = {}) =>
  new Promise((resolve) => {
    const output = quiet ? 'pipe' : stdout ? 'inherit' : process.stderr
    const child = spawn(command, args, { stdio: ['ignore', output, quiet ? 'pipe' : 'inherit'], env })
    const held = []
    child.stdout?.on('data', (chunk) => held.push(chunk))
    child.stderr?.on('data', (chunk) => held.push(chunk))
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`)
      resolve(127)
    })
    child.on('close', (code) => {
      if (code !== 0) for (const chunk of held) process.stderr.write(chunk)
      resolve(code ?? 1)
    })
  })
