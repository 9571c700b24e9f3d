import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { TidemarkCommand } from '../../support/tidemark-command.ts'
import { finished, spawnTypeScript, typeScriptHooks } from '../../support/typescript-child.ts'
import { readProof } from './numbered-commit.ts'

const program = new URL('./commit-on-broken-disk.ts', import.meta.url)
const breakOnSignal = new URL('./break-on-signal.ts', import.meta.url).href

const failed =
  /the disk failed as the end of a commit was written to (data\.mdb|journal-\d+\.log).*Check the disk, then start again/

const command = new TidemarkCommand()

test.runIf(process.platform === 'linux')(
  'when the disk refuses the root page and the journal, every call fails with DiskFailed, and the process ends',
  async () => {
    const path = temporaryFolder()
    const { code, signal, stdout, stderr } = await finished(spawnTypeScript(program, [path]))
    const lines = stdout.trimEnd().split('\n')
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    expect(JSON.parse(lines.pop() as string)).toEqual(Array(5).fill('DiskFailed'))
    expect(lines.join('\n')).toContain('data.mdb: Input/output error. Nothing more is acknowledged')
    expect(lines.join('\n')).toContain('.log: EIO: i/o error, write. Nothing more is acknowledged')
    for (const line of lines) expect(line).toMatch(failed)
    const again = lmdbStore(path)
    expect(readProof(again).number).toBe(1)
    await again.close()
  },
)

test.runIf(process.platform === 'linux')(
  'a tidemark whose disk breaks acknowledges nothing more, says what failed, and ends with 1',
  async () => {
    const options = `--import ${typeScriptHooks} --import ${breakOnSignal}`
    const { child, facts } = await command.start(['--no-simulate'], { NODE_OPTIONS: options })
    const end = finished(child)
    const device = await connectAsync(`mqtt://127.0.0.1:${facts.mqtt.port}`, { reconnectPeriod: 0 })
    await device.publishAsync('v1/press-7/temperature', '71.4', { qos: 1 })
    const broken = new Promise<void>((resolve) => {
      child.stderr?.on('data', (chunk) => {
        if (`${chunk}`.includes('the disk is broken')) resolve()
      })
    })
    child.kill('SIGUSR2')
    await broken
    const acknowledged: string[] = []
    device.publish('v1/press-7/temperature', '71.6', { qos: 1 }, (error) => {
      if (!error) acknowledged.push('71.6')
    })
    const { code, stderr } = await end
    expect(code).toBe(1)
    expect(stderr).toMatch(failed)
    expect(stderr).not.toMatch(/\n\s+at |MDB_PANIC|finishing what was taken/)
    expect(acknowledged).toEqual([])
    await device.endAsync(true)
    const { code: drained, stdout } = await command.run(['drain', '--json', '--data', command.folder])
    expect({ drained, ...JSON.parse(stdout) }).toMatchObject({ drained: 0, replayed: 1, left: 0 })
  },
)
