import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.js'
import { installDependencies } from './dependencies.js'
import { provideNatsServer } from './nats-server.js'
import { checkNodeVersion } from './node-version.js'

/**
 * From a clean clone to a program that can run: Node, packages, build, NATS server. Each step is skipped
 * when it is done already. Plain JavaScript without dependencies, because it runs before there are any.
 */
export const bootstrap = async ({ natsProgram = false } = {}) => {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
  await checkNodeVersion()
  await installDependencies()
  await build()
  await provideNatsServer({ program: natsProgram })
}
