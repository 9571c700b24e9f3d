import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startNatsServer } from '../support/nats-server.ts'
import { installPackage, packingFaults } from './installed-package.ts'
import type { NodeProgram } from './node-programs.ts'
import { outputOf, run } from './output-of.ts'
import { tryCommand } from './try-command.ts'
import { tryPipeline } from './try-pipeline.ts'

export interface PackageProof {
  /** The versions it was tried with. */
  readonly node: readonly string[]
  /** The program of the README compiles, strictly, and runs. */
  readonly typescript: boolean
  /** The same text runs as it stands. */
  readonly javascript: boolean
  readonly files: number
  readonly kilobytes: number
  /** The command helps, says what is missing, starts and ends. */
  readonly bin: boolean
  readonly holds: boolean
}

export interface PackageTrial {
  readonly nodes: readonly NodeProgram[]
  readonly say: (line: string) => void
}

// Declarations are checked too, ours and those that ours pull in.
const strictly = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, types: ['node'] },
    ...{ noEmitOnError: true, outDir: 'compiled' },
  },
  files: ['pipeline.ts', 'doors.ts'],
}

/** Packs the repository it is run in, installs the package elsewhere, and tries it with each Node. */
export const provePackage = async ({ nodes, say }: PackageTrial): Promise<PackageProof> => {
  const root = resolve('.')
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-package-'))
  const nats = await startNatsServer()
  const proof = { typescript: true, javascript: true, bin: true, packed: true, hasNodes: true }
  const fault = (part: keyof typeof proof, words: string): void => {
    proof[part] = false
    say(words)
  }
  try {
    say('packing and installing')
    const { project, files, kilobytes } = await installPackage(root, folder)
    for (const words of packingFaults(files)) fault('packed', words)

    const text = programOfReadme(readFileSync(join(project, 'node_modules', 'tidemark', 'README.md'), 'utf8'))
    const typed = join(project, 'typed')
    mkdirSync(typed)
    writeFileSync(join(typed, 'pipeline.ts'), text)
    writeFileSync(join(typed, 'doors.ts'), importEveryDoor(project))
    writeFileSync(join(typed, 'tsconfig.json'), JSON.stringify(strictly))
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { code, stdout, stderr } = await run(process.execPath, [compiler, '-p', typed], { cwd: typed })
    if (code !== 0)
      fault('typescript', `the README's program, or a door, does not compile:\n${stdout}${stderr}`)

    const tried: string[] = []
    for (const { path, version, asked } of nodes) {
      if (path === undefined) {
        fault('hasNodes', `Node ${asked}: ${version}`)
        continue
      }
      say(`Node ${version}`)
      await outputOf(path, ['--input-type=module', '-e', importEveryDoor(project)], { cwd: project })
      if (proof.typescript) {
        const compiled = readFileSync(join(typed, 'compiled', 'pipeline.js'), 'utf8')
        const words = await tryPipeline(path, compiled, project)
        if (words !== undefined) fault('typescript', `the compiled program, Node ${version}: ${words}`)
      }
      const words = await tryPipeline(path, text, project)
      if (words !== undefined) fault('javascript', `the program as it stands, Node ${version}: ${words}`)
      for (const each of await tryCommand(path, project, `nats://${nats.address}`)) {
        fault('bin', `Node ${version}: ${each}`)
      }
      tried.push(version)
    }
    const { packed, hasNodes, ...parts } = proof
    const wasTried = tried.length > 0
    const typescript = parts.typescript && wasTried
    const javascript = parts.javascript && wasTried
    const bin = parts.bin && wasTried
    const holds = typescript && javascript && bin && packed && hasNodes
    return { node: tried, typescript, javascript, files: files.length, kilobytes, bin, holds }
  } finally {
    await nats.remove()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

const programOfReadme = (readme: string): string => {
  const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
  if (programs.length !== 1)
    throw new Error(`README.md shows ${programs.length} programs in TypeScript, not 1`)
  return programs[0]!
}

/** Imports whatever the package exports. */
const importEveryDoor = (project: string): string => {
  const file = join(project, 'node_modules', 'tidemark', 'package.json')
  const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports: Record<string, unknown> }
  return Object.keys(exports)
    .map((door) => `import '${door.replace('.', 'tidemark')}'`)
    .join('\n')
}
