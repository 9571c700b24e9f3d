import { tmpdir } from 'node:os'
import { atThePrompt, run } from './output-of.ts'

export interface NodeProgram {
  /** What it was asked for as, such as `22`. */
  readonly asked: string
  /** Path of the program, or undefined when there is none to be had. */
  readonly path: string | undefined
  /** Its full version, or why there is none. */
  readonly version: string
}

/** The Node that runs this. */
export const nodeAtHand: NodeProgram = {
  asked: 'at hand',
  path: process.execPath,
  version: process.versions.node,
}

/** A Node of each major version, from the package `node` of npm. */
export const nodePrograms = async (majors: readonly string[]): Promise<NodeProgram[]> => {
  const programs: NodeProgram[] = []
  for (const asked of majors) {
    const question = 'JSON.stringify([process.execPath, process.versions.node])'
    const { code, stdout, stderr } = await run('npx', ['-y', '-p', `node@${asked}`, 'node', '-p', question], {
      cwd: tmpdir(),
      env: atThePrompt(),
    })
    if (code !== 0) {
      programs.push({ asked, path: undefined, version: `npm has no Node ${asked} for us: ${stderr.trim()}` })
      continue
    }
    const [path, version] = JSON.parse(stdout) as [string, string]
    programs.push({ asked, path, version })
  }
  return programs
}
