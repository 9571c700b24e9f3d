import { existsSync, readFileSync } from 'node:fs'
import { runCommand } from './run-command.js'
import { refuse, say } from './say.js'

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/** Whether node_modules is what package-lock.json asks for. Optional packages depend on the platform. */
const installed = () => {
  if (!existsSync('node_modules/.package-lock.json')) return false
  const present = readPackages('node_modules/.package-lock.json')
  return Object.entries(readPackages('package-lock.json')).every(([path, { version, optional }]) => {
    if (path === '') return true
    return path in present ? present[path].version === version : optional === true
  })
}

/**
 * Brings node_modules to what package-lock.json asks for. No install script runs: the two packages that
 * have one, lmdb and msgpackr-extract, ship prebuilt binaries as optional packages.
 */
export const installDependencies = async () => {
  if (installed()) return
  say('installing the npm packages of package-lock.json (npm ci), well under a minute ...')
  const npm = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const code = npm
    ? await runCommand(process.execPath, [npm, ...args])
    : await runCommand(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (code !== 0) await refuse('npm ci failed, see above. It needs to reach the npm registry once.')
}
