import { describe, expect, test } from 'vitest'
import { filesIn, isTest, readText, sourceFiles } from './source-files.ts'

const files = sourceFiles()
const product = files.filter((file) => !isTest(file))

/** Lines with a match, as `path:line: text`. Comments count only when `inComments`. */
const matches = (
  paths: readonly { path: string; text: string }[],
  pattern: RegExp,
  inComments = false,
): string[] =>
  paths.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const code = inComments ? line : line.replace(/^\s*(\/\*\*?|\*).*$/, '').replace(/(^|\s)\/\/.*$/, '')
      return pattern.test(code) ? [`${path}:${index + 1}: ${line.trim()}`] : []
    }),
  )

describe('calls that belong at the edges', () => {
  // Where waiting, the time of day and chance come from outside: nothing else may ask for them.
  const edges = ['cli/', 'test/', 'bench/', 'examples/']
  const banned = [
    {
      call: /\bDate\.now\(|\bnew Date\(\)/,
      instead: 'a WallClock that is handed in',
      at: ['lib/time/wall-clock.ts'],
    },
    {
      call: /\b(setTimeout|setInterval)\(/,
      instead: 'WallClock.after, or an event time timer',
      at: ['lib/time/wall-clock.ts'],
    },
    { call: /\bMath\.random\(/, instead: 'seededRandom, or randomUUID for names', at: [] },
    {
      call: /\bperformance\.now\(/,
      instead: 'WallClock.monotonic',
      at: ['lib/time/wall-clock.ts'],
    },
    { call: /\bprocess\.exit\(/, instead: 'an error: only a program may end the process', at: [] },
    { call: /\bprocess\.env\b/, instead: 'an option', at: [] },
  ]
  test.each(banned)('$call: use $instead', ({ call, at }) => {
    const elsewhere = product.filter(({ path }) => ![...edges, ...at].some((edge) => path.startsWith(edge)))
    expect(matches(elsewhere, call)).toEqual([])
  })
})

describe('files', () => {
  test('have at most 300 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 301)
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length}`)).toEqual([])
  })

  test('have comments of at most 110 columns; the formatter sees to the rest', () => {
    expect(matches(files, /^(?=.{111})\s*(\/\/|\/\*\*|\*)/, true)).toEqual([])
  })

  test('are named after what they export', () => {
    const vague = /(^|\/)(utils?|helpers?|common|types|misc)\.ts$/
    expect(files.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
    expect(
      files.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?|common)\//.test(path)),
    ).toEqual([])
  })

  test('carry no leftovers', () => {
    const own = files.filter(({ path }) => path !== 'test/tidy.test.ts')
    expect(matches(own, /\b(FIXME|TODO|XXX|HACK)\b|@ts-ignore|debugger/, true)).toEqual([])
    expect(matches(own, /\b(test|it|describe)\.(only|skip|todo)\b/)).toEqual([])
  })
})

describe('names', () => {
  test('say what a thing is', () => {
    const vague =
      /^(export )?(class|interface|type|const|function)\s+\w*(Manager|Service|Helper|Utils?|Impl)\b|\bBase[A-Z]\w*\s*[{<(]/
    expect(matches(product, vague)).toEqual([])
    expect(
      matches(
        product,
        /^\s*(async\s+)?(process|handle)\(.*\).*\{|\bconst (process|handle) = (async )?\(|\bfunction (process|handle)\b/,
      ),
    ).toEqual([])
  })

  test('in lib know nothing of the application', () => {
    const framework = product.filter(({ path }) => path.startsWith('lib/'))
    // As a word of an identifier: device, byDevice, device_id, DeviceClock. Strings and comments may say it.
    const application =
      /(?<![A-Za-z])(device|reading|anomal(y|ies)|topic|chart)s?(?![a-z])|[a-z](Device|(?<!For)Reading|Anomal(y|ies)|Topic|Chart)s?(?![a-z])|\b(Device|Reading|Anomaly|Topic|Chart)/
    const code = framework.map(({ path, text }) => ({ path, text: text.replace(/'[^'\n]*'|`[^`]*`/g, "''") }))
    expect(matches(code, application)).toEqual([])
  })
})

describe('what is there is used', () => {
  // What the runtime is built on next. A file that it has reached must leave this list.
  const forTheRuntime = [
    'lib/time/input-clocks.ts',
    'lib/time/listening-time.ts',
    'lib/time/output-watermark.ts',
    'lib/time/shared-clock.ts',
  ]

  test('every file of lib is reached from lib/index.ts or lib/testing/index.ts', () => {
    const imports = new Map(files.map((file) => [file.path, file.imports]))
    const reached = new Set<string>()
    const reach = (path: string): void => {
      if (reached.has(path)) return
      reached.add(path)
      for (const next of imports.get(path) ?? []) reach(next)
    }
    for (const entry of ['lib/index.ts', 'lib/testing/index.ts']) reach(entry)
    const lib = product.map(({ path }) => path).filter((path) => path.startsWith('lib/'))
    expect(lib.filter((path) => !reached.has(path))).toEqual(forTheRuntime)
  })
})

describe('documents', () => {
  const documents = [...filesIn('.', '.md'), ...filesIn('.', '.mdx')]

  test.each(documents)('%s has one title, on its first line', (path) => {
    const prose = readText(path).replace(/^```[\s\S]*?^```/gm, '')
    expect(prose.split('\n')[0]).toMatch(/^# \S/)
    expect(prose.match(/^# /gm)).toHaveLength(1)
  })

  test.each(documents)('%s links to files that are there', (path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
    const links = [...readText(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)/g)].map(
      ([, to]) => to!,
    )
    expect(links.filter((to) => !isThere(folder + to))).toEqual([])
  })
})

const isThere = (path: string): boolean => {
  try {
    readText(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}
