import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One TypeScript file of the repository. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  /** What it imports and re-exports: paths of own files from the root, other packages by their name. */
  readonly imports: readonly string[]
  /** The same without those that only name types, which are gone when it runs. */
  readonly runtimeImports: readonly string[]
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folders = ['lib', 'devices', 'simulators', 'dashboards', 'cli', 'examples', 'bench', 'pictures', 'test']

/** Every file below `folder` whose name ends with `extension`, but for what tools and runs have made. */
export const filesIn = (folder: string, extension: string): string[] => {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (/^(node_modules|dist|data|tidemark-data|\..*)$/.test(entry.name)) return []
    if (entry.isDirectory()) return filesIn(path, extension)
    return entry.name.endsWith(extension) ? [path] : []
  })
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every TypeScript file of the project, tests included. */
export const sourceFiles = (): SourceFile[] =>
  folders.flatMap((folder) => filesIn(folder, '.ts')).map(readSource)

export const isTest = ({ path }: SourceFile): boolean => /\.(test|bench|fixture)\.ts$/.test(path)

const readSource = (path: string): SourceFile => {
  const text = readText(path)
  const imports = importsOf(path, text)
  const runtimeImports = imports.filter(({ statement }) => !namesTypesOnly.test(statement))
  const targets = (list: typeof imports): string[] => list.map(({ target }) => target)
  return { path, text, imports: targets(imports), runtimeImports: targets(runtimeImports) }
}

// `import x from 'y'`, `export { x } from 'y'`, `import 'y'` and `import('y')`, over several lines too.
const importPattern =
  /^(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

// `import type { x }` and `import { type x, type y }`.
const namesTypesOnly = /^(import|export)\s+(type\s|\{\s*(type\s+[\w\s]+,?\s*)+\})/

const importsOf = (path: string, text: string): { statement: string; target: string }[] =>
  [...text.matchAll(importPattern)].map(([statement, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? ''
    if (!specifier.startsWith('.')) return { statement, target: specifier }
    return { statement, target: relative(root, resolve(root, dirname(path), specifier)) }
  })
