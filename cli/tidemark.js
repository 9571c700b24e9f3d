#!/bin/sh
':' //; exec node --max-semi-space-size=64 "$0" "$@"
// Both a shell script and a module: "env -S node --flag" would do, were it known to BusyBox. The flag gives
// what lives for one batch room to die young; measured, it saves 0.6 to 1.9 µs of CPU a message under load.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../dist/cli/main.js', import.meta.url)
// A clone has no dist before its first build. An installed package has one, and no scripts.
if (!existsSync(main)) {
  const { build } = await import('../scripts/build.js')
  const folder = process.cwd()
  process.chdir(fileURLToPath(new URL('..', import.meta.url)))
  await build()
  process.chdir(folder)
}
await import(main.href)
