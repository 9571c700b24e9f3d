import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FloodClient, packetBytes } from '../../support/flood-client.ts'
import { overwritePage, type PageKind } from '../../support/lmdb-pages.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import { finished, programBeside, spawnTypeScript } from '../../support/typescript-child.ts'
import type { HostileFault } from './fault.ts'

/** Damages copies of a store, of a process that stopped and of one that was killed, and opens them. */
export const damagedStore: HostileFault = {
  id: 'R12',
  what: 'a damaged store, and a backup that is none, end each command with the reason and the remedy',
  async prove({ scale, progress }) {
    const isSmall = scale === 'small'
    const work = mkdtempSync(join(tmpdir(), 'tidemark-damaged-'))
    const faults: string[] = []
    let runs = 0
    const refuses = async (damage: string, args: readonly string[]): Promise<void> => {
      const { code, signal, stderr } = await finished(spawnTypeScript(main, args, { timeout: 30_000 }))
      runs++
      const isRefused = code === 1 && signal === null && remedy.test(stderr) && !isTrace.test(stderr)
      if (isRefused) return progress(`${damage}: ${args[0]} has refused it`)
      const fault = `${damage}: ${args[0]} has not refused it: ${signal ?? code} ${stderr}`
      faults.push(fault)
      progress(fault)
    }
    try {
      const pristine = join(work, 'pristine')
      for (const end of isSmall ? (['stop'] as const) : (['stop', 'kill'] as const)) {
        await use(pristine, end, isSmall ? 300 : 3_000)
        const damages = damagesOf(end).filter(({ isQuick }) => isQuick || !isSmall)
        const tries = damages.map(async ({ name, apply }, index) => {
          const folder = join(work, `${end}-${index}`)
          cpSync(pristine, folder, { recursive: true })
          apply(join(folder, 'store'))
          const other = others[index % others.length]!
          for (const args of isSmall ? [start] : [start, other]) {
            await refuses(`${name} after ${end}`, [...args, '--data', folder])
          }
        })
        await Promise.all(tries)
      }
      const archive = join(work, 'archive')
      mkdirSync(archive)
      writeFileSync(join(archive, 'data.mdb'), 'PK\x03\x04 an archive'.repeat(1_000))
      await refuses('an archive', ['restore', archive, '--data', join(work, 'restored')])
      return { holds: faults.length === 0 && runs > 3, runs, faults }
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  },
}

/** Runs a tidemark with data folder `folder`, which devices publish to, and ends it. */
const use = async (folder: string, end: 'stop' | 'kill', devices: number): Promise<void> => {
  const tidemark = await TidemarkProcess.start({ folder })
  try {
    const client = await FloodClient.connect(tidemark.port, 'many-devices')
    for (let round = 1; round <= 5; round++) {
      await client.write(
        packetBytes(devices, (number) => ({
          ...{ cmd: 'publish', topic: `v1/device-${number}/temperature`, payload: '71.4' },
          ...{ qos: 1, messageId: number + 1, dup: false, retain: false },
        })),
      )
      await client.until(() => client.received[4] === round * devices)
    }
    client.close()
    await tidemark[end]()
  } finally {
    await tidemark.remove()
  }
}

interface Damage {
  readonly name: string
  /** Whether it is part of the small proof. */
  readonly isQuick: boolean
  readonly apply: (store: string) => void
}

const damagesOf = (end: 'stop' | 'kill'): readonly Damage[] => [
  { name: 'a truncated data file', isQuick: true, apply: (store) => halve(join(store, 'data.mdb')) },
  ...(['meta', 'branch', 'leaf', 'free list'] as const satisfies readonly PageKind[]).flatMap((kind) => [
    overwritten(kind, 0xff, kind === 'leaf'),
    overwritten(kind, 0, kind === 'meta'),
  ]),
  // A clean end leaves no journal.
  ...(end === 'kill' ? [{ name: 'an overwritten journal', isQuick: false, apply: overwriteJournal }] : []),
]

const overwritten = (kind: PageKind, byte: number, isQuick: boolean): Damage => ({
  name: `a ${kind} page overwritten with ${byte}`,
  isQuick,
  apply: (store) => overwritePage(join(store, 'data.mdb'), kind, byte),
})

/** Cuts a file to half of its length. */
const halve = (file: string): void => truncateSync(file, Math.floor(statSync(file).size / 2))

/** Overwrites what lies in the middle of the first file of the journal. */
const overwriteJournal = (store: string): void => {
  const file = join(
    store,
    readdirSync(store)
      .filter((name) => name.endsWith('.log'))
      .sort()[0]!,
  )
  const bytes = readFileSync(file)
  const middle = Math.floor(bytes.length / 2)
  writeFileSync(file, bytes.fill(0, middle, middle + 64))
}

const start = ['start', '--no-simulate']
const others = [['devices'], ['drain'], ['inspect']]
const remedy = /^tidemark: .*(restore|another)/m
const isTrace = /^ +at /m
const main = programBeside(import.meta.url, '../../../cli/main')
