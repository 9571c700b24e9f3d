import { describe, expect, test } from 'vitest'
import { isTest, sourceFiles } from './source-files.ts'

interface Arrow {
  /** Files this is about: a path that starts so. */
  readonly from: string
  /** The only own folders they may import from, besides `from` itself. */
  readonly mayImport: readonly string[]
  readonly because: string
}

const arrows: readonly Arrow[] = [
  { from: 'lib/time/', mayImport: [], because: 'time is the ground everything stands on' },
  { from: 'lib/statistics/', mayImport: [], because: 'sums are pure, and know of no stream' },
  {
    from: 'lib/processors/',
    mayImport: ['lib/time/', 'lib/statistics/'],
    because: 'a processor is a pure state machine: whoever runs it owns its state',
  },
  {
    from: 'lib/state/',
    mayImport: ['lib/time/'],
    because: 'the store keeps bytes, and does not know what they mean to an actor',
  },
  {
    from: 'lib/actors/',
    mayImport: ['lib/time/', 'lib/state/'],
    because: 'actors run any processor, so they know none; and any sink, so they know no NATS',
  },
  {
    from: 'lib/runtime/',
    mayImport: ['lib/time/', 'lib/state/', 'lib/actors/'],
    because: 'a graph connects any sources, processors and sinks, so it knows none of them',
  },
  {
    from: 'lib/nats/',
    mayImport: ['lib/time/', 'lib/state/', 'lib/actors/'],
    because: 'a sink sends outcomes from the outbox, whatever produced them',
  },
  {
    from: 'lib/testing/',
    mayImport: ['lib/'],
    because: 'what is for tests may look at everything, and nothing may look at it',
  },
  {
    from: 'lib/',
    mayImport: [],
    because: 'the framework knows no application',
  },
  {
    from: 'devices/wire/',
    mayImport: ['lib/'],
    because: 'wire schemas are what everybody shares, so they share nobody else',
  },
  {
    from: 'devices/',
    mayImport: ['lib/'],
    because: 'what watches devices must not know that some of them are simulated',
  },
  {
    from: 'simulators/',
    mayImport: ['lib/', 'devices/wire/'],
    because: 'a simulated device speaks the wire schemas and sees nothing of what watches it',
  },
  {
    from: 'dashboards/',
    mayImport: ['lib/', 'devices/wire/'],
    because: 'a dashboard shows what is on the wire and computes nothing of its own',
  },
]

interface Fence {
  readonly packages: readonly string[]
  readonly onlyIn: readonly string[]
  readonly because: string
}

// Tests and the programs under bench and test may reach for any package: they stand outside.
const fences: readonly Fence[] = [
  { packages: ['lmdb'], onlyIn: ['lib/state/'], because: 'one place answers for what is on the disk' },
  { packages: ['aedes'], onlyIn: ['devices/broker/'], because: 'one place answers for what is acknowledged' },
  {
    packages: ['nats', '@nats-io/'],
    onlyIn: ['lib/nats/', 'dashboards/event-feed.ts'],
    because: 'one place answers for order and duplicates on the way out, and one reads what is published',
  },
  {
    packages: ['rxjs'],
    onlyIn: [
      'lib/time/event-',
      'lib/state/',
      'lib/actors/',
      'lib/runtime/',
      'lib/nats/',
      'lib/testing/',
      'devices/',
      'simulators/',
      'dashboards/',
      'cli/',
      'examples/',
    ],
    because: 'sums and processors are testable without a stream',
  },
  {
    packages: ['mqtt'],
    onlyIn: ['simulators/', 'cli/', 'examples/'],
    because: 'devices speak MQTT from outside',
  },
  {
    packages: ['csv-parse'],
    onlyIn: ['simulators/recordings/'],
    because: 'devices send no CSV, only recordings of them are',
  },
  {
    packages: ['commander'],
    onlyIn: ['cli/'],
    because: 'only the command has a command line',
  },
  {
    packages: ['picocolors'],
    onlyIn: ['cli/', 'dashboards/terminal/'],
    because: 'only what a terminal shows has colors',
  },
  { packages: ['vitest', 'fast-check'], onlyIn: [], because: 'the product does not test itself' },
]

const product = sourceFiles().filter((file) => !isTest(file) && !/^(test|bench)\//.test(file.path))
const isOwn = (imported: string): boolean => /^[a-z]+\//.test(imported) && imported.endsWith('.ts')

describe('imports follow the arrows', () => {
  test.each(arrows)('$from: $because', ({ from, mayImport }) => {
    // The first arrow that names a file is its arrow, so the narrower one stands before the wider.
    const subject = product.filter(
      ({ path }) => arrows.find((arrow) => path.startsWith(arrow.from))?.from === from,
    )
    const wrong = subject.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => isOwn(imported) && ![from, ...mayImport].some((to) => imported.startsWith(to)))
        .map((imported) => `${path} imports ${imported}`),
    )
    expect(wrong).toEqual([])
  })

  test('nothing but tests imports lib/testing', () => {
    const wrong = product
      .filter(({ path }) => !path.startsWith('lib/testing/'))
      .filter(({ imports }) => imports.some((imported) => imported.startsWith('lib/testing/')))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test('nothing but the command itself imports the command', () => {
    const wrong = product
      .filter(({ path }) => !path.startsWith('cli/'))
      .filter(({ imports }) => imports.some((imported) => imported.startsWith('cli/')))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe('packages stay behind their fence', () => {
  test.each(fences)('$packages: $because', ({ packages, onlyIn }) => {
    const isFenced = (imported: string): boolean =>
      packages.some((name) =>
        name.endsWith('/') ? imported.startsWith(name) : imported === name || imported.startsWith(`${name}/`),
      )
    const wrong = product
      .filter(({ path }) => !onlyIn.some((folder) => path.startsWith(folder)))
      .filter(({ imports }) => imports.some((imported) => isFenced(imported) && !isOwn(imported)))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe('modules', () => {
  test('do not need each other in a circle when they run', () => {
    const imports = new Map(product.map(({ path, runtimeImports }) => [path, runtimeImports.filter(isOwn)]))
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): string[] => {
      if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' -> ')]
      if (done.has(path)) return []
      const circles = (imports.get(path) ?? []).flatMap((next) => visit(next, [...trail, path]))
      done.add(path)
      return circles
    }
    expect([...imports.keys()].flatMap((path) => visit(path, []))).toEqual([])
  })
})
