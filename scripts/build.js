import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleCommand } from './bundle-command.js'
import { runCommand } from './run-command.js'
import { refuse, say } from './say.js'

const config = 'tsconfig.build.json'
const stamp = 'dist/.sources'
const compiler = 'node_modules/typescript/bin/tsc'

const sourcesIn = (place) => (place.endsWith('.ts') ? [place] : sourcesBelow(place))

const sourcesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesBelow(path)
    return /(?<!\.test|\.bench)\.ts$/.test(entry.name) ? [path] : []
  })

/** Changes whenever a source is added, removed or written. */
const fingerprint = () => {
  const places = JSON.parse(readFileSync(config, 'utf8')).include.filter((place) => existsSync(place))
  const hash = createHash('sha256')
  for (const path of [config, 'tsconfig.json', 'package-lock.json', ...places.flatMap(sourcesIn).sort()]) {
    const { mtimeMs, size } = statSync(path)
    hash.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex')
}

/**
 * Compiles the sources into dist when they have changed since it was made. Built beside and moved in
 * place: an interrupted build leaves no half-made dist, and no output outlives its source.
 */
export const build = async () => {
  const sources = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  if (!existsSync(compiler)) {
    await refuse('the TypeScript compiler, which builds tidemark, is not installed: run npm ci once.')
  }
  say('compiling ...')
  const fresh = `.dist-${process.pid}`
  const old = `.dist-${process.pid}-old`
  const code = await runCommand(process.execPath, [compiler, ...['-p', config, '--outDir', fresh]])
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    await refuse('the sources do not compile, see above.')
  }
  await bundleCommand(join(fresh, 'cli'))
  writeFileSync(join(fresh, '.sources'), sources)
  if (existsSync('dist')) renameSync('dist', old)
  renameSync(fresh, 'dist')
  rmSync(old, { recursive: true, force: true })
}
