// node scripts/run.js <module> [arguments]: bootstraps, then runs a compiled module in this process.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bootstrap } from './bootstrap.js'

const [module, ...rest] = process.argv.slice(2)
await bootstrap({ natsProgram: !module.startsWith('cli/') })
const file = resolve('dist', `${module}.js`)
process.argv = [process.argv[0], file, ...rest]
await import(pathToFileURL(file).href)
