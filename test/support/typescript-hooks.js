// Lets an older Node import TypeScript: node --import ./test/support/typescript-hooks.js file.ts
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && !process.features.typescript) register(import.meta.url)

/** Goes with the installed packages, the compiler among them. */
const cache = new URL('../../node_modules/.cache/typescript/', import.meta.url)

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context)
  const file = fileURLToPath(url)
  const text = await readFile(file, 'utf8')
  const name = createHash('sha256').update(`${file}\0${text}`).digest('hex')
  const cached = new URL(`${name}.js`, cache)
  const source = await readFile(cached, 'utf8').catch(() => compile(file, text, cached))
  return { format: 'module', source, shortCircuit: true }
}

/** Loading the compiler takes a second, which the many processes of a test run share this way. */
const compile = async (file, text, cached) => {
  const { transformWithOxc } = await import('vite')
  const { code } = await transformWithOxc(text, file)
  await mkdir(cache, { recursive: true })
  // Several processes may compile the same file: each puts a whole one in its place.
  const draft = new URL(`${randomUUID()}.draft`, cache)
  await writeFile(draft, code)
  await rename(draft, cached)
  return code
}
