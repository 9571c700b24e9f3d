import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endLeftoverNats } from '../../cli/nats/leftover-nats.ts'
import { missingLine } from './output-shape.ts'
import type { PageFolder } from './page-folder.ts'
import { Shell } from './shell.ts'
import type { ShownBlock } from './shown-block.ts'

/** Runs the blocks of one page, in order, as a reader would, and says in words what went wrong. */
export const runCommands = async (blocks: readonly ShownBlock[], folder: PageFolder): Promise<string[]> => {
  const faults: string[] = []
  const staying: Shell[] = []
  let latest: Shell | undefined
  try {
    for (const block of blocks) {
      if (block.marks.has('not run')) continue
      const file = block.marks.get('file')
      if (file !== undefined) {
        writeFileSync(join(folder.path, file), folder.inPlace(block.code))
      } else if (block.language === 'sh') {
        const shell = new Shell(block, folder)
        latest = shell
        const fault = await shell.run()
        if (fault !== undefined) faults.push(`${block.place}: ${fault}; it printed:\n${shell.printed}`)
        if (shell.isRunning) staying.push(shell)
        // What comes after would only fail because of this.
        if (fault !== undefined) break
      } else if (block.language !== 'ts') {
        const printed = (): string => [latest, ...staying].map((shell) => shell?.printed).join('')
        const missing = await missingAfterAll(block, folder.inPlace(block.code), printed)
        if (missing !== undefined) {
          faults.push(`${block.place}: not printed is\n${missing}\nbut\n${printed()}`)
        }
      }
    }
  } finally {
    for (const shell of staying.reverse()) {
      const fault = await shell.interrupt()
      if (fault !== undefined) faults.push(fault)
    }
    await endTidemark(folder.path)
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 10 })
  }
  return faults
}

/** The line of what is shown that none of those who print have printed, and do not print soon. */
const missingAfterAll = async (
  { marks }: ShownBlock,
  shown: string,
  printed: () => string,
): Promise<string | undefined> => {
  const like = marks.get('like')
  const missing = (): string | undefined =>
    like === undefined ? missingLine(shown, printed()) : unlike(like, shown, printed())
  for (let tries = 0; tries < 200 && missing() !== undefined; tries += 1) await wait(50)
  return missing()
}

const unlike = (pattern: string, shown: string, printed: string): string | undefined => {
  const like = new RegExp(pattern, 's')
  if (!like.test(shown)) return `what is shown: it is not like ${pattern}`
  return like.test(printed) ? undefined : shown
}

/** What `start-tidemark` has started. */
const endTidemark = async (folder: string): Promise<void> => {
  const file = join(folder, 'tidemark.pid')
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8'))
    for (let tries = 0; tries < 200 && signalled(pid, tries === 0 ? 'SIGTERM' : 0); tries += 1) await wait(50)
  }
  await endLeftoverNats(join(folder, 'tidemark-data/nats'))
}

const signalled = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
