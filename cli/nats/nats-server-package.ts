import { existsSync } from 'node:fs'

/** How this machine's own package manager installs a NATS server. */
export interface NatsServerPackage {
  /** What a person would type, in one line. */
  readonly line: string
  /** The same as programs with their arguments, run one after the other. */
  readonly steps: readonly (readonly [program: string, ...rest: string[]])[]
}

/** The package of this platform, or undefined where none is known. */
export const natsServerPackage = (
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
  userId = process.getuid?.(),
): NatsServerPackage | undefined => {
  if (platform === 'darwin') {
    return { line: 'brew install nats-server', steps: [['brew', 'install', 'nats-server']] }
  }
  if (platform !== 'linux' || !exists('/usr/bin/apt-get')) return undefined
  const asRoot = userId === 0 ? [] : ['sudo']
  const steps = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', 'nats-server'],
  ].map(([program, ...rest]) => [...asRoot, program, ...rest] as [string, ...string[]])
  return { line: steps.map((step) => step.join(' ')).join(' && '), steps }
}

/** What to tell a user who has no NATS server, as lines: how to install `known`, or where to find one. */
export const howToGetNats = (known: NatsServerPackage | undefined): string[] => [
  known
    ? 'There is no NATS server on this machine. Install one:'
    : 'There is no NATS server on this machine.',
  ...(known ? [`  ${known.line}`] : ['Install nats-server 2.9 or later: https://nats.io/download']),
  'Or name one that runs: NATS_URL=nats://127.0.0.1:4222',
]
