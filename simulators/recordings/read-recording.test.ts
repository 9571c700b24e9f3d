import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hours, seconds } from '../../lib/time/duration.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { ReadOptions } from './read-file.ts'
import { readRecording } from './read-recording.ts'
import { recordedFiles } from './recorded-files.ts'
import type { RecordedLine } from './recorded-line.ts'

const now = Date.UTC(2026, 0, 31)
const noon = Date.UTC(2026, 0, 5, 12)

const read = async (path: string, options: Partial<ReadOptions> = {}): Promise<RecordedLine[]> => {
  const lines: RecordedLine[] = []
  for await (const line of readRecording(recordedFiles(path).files, { now, ...options })) lines.push(line)
  return lines
}

const written = (name: string, text: string): string => {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

/** Readings as `device metric value`, each with the seconds since noon. */
const told = (lines: readonly RecordedLine[]): string[] =>
  lines.flatMap(({ readings }) =>
    readings.map(
      ({ device, metric, value, time }) => `${device} ${metric} ${value} at ${(time - noon) / 1_000}`,
    ),
  )
const faults = (lines: readonly RecordedLine[]): string[] =>
  lines.flatMap(({ line, faults }) => faults.map((fault) => `${line}: ${fault}`))

describe('columns', () => {
  test('a file of time and value is one metric of a device named after the file', async () => {
    const lines = await read(written('press-7.csv', 'timestamp,value\n2026-01-05 12:00:01,71.4\n'))
    expect(told(lines)).toEqual(['press-7 value 71.4 at 1'])
  })

  test('every column of numbers is a metric, and one of text is named and left out', async () => {
    const text: string[] = []
    const file = written(
      'a.csv',
      'date,station,temp,weather,wind\n2026/01/05 12:00,north,,rain,4\n2026/01/05 12:01,south,5e-1,sun,true\n',
    )
    const lines = await read(file, { onTextColumn: (column, value) => text.push(`${column} ${value}`) })
    expect(told(lines)).toEqual(['north wind 4 at 0', 'south temp 0.5 at 60', 'south wind 1 at 60'])
    expect(text).toEqual(['weather rain'])
    expect(faults(lines)).toEqual([])
  })

  test('a metric column says what the value column holds', async () => {
    const file = written('a.csv', `time,device,metric,value\n${noon},d,temperature,3\n${noon},d,speed,4\n`)
    expect(told(await read(file))).toEqual(['d temperature 3 at 0', 'd speed 4 at 0'])
  })

  test('what is named is read, whatever it is called', async () => {
    const file = written('a.csv', `when,who,x,y\n${noon / 1_000},7,1,2\n`)
    const columns = { time: 'when', device: 'who', values: ['y'] }
    expect(told(await read(file, columns))).toEqual(['7 y 2 at 0'])
    expect(told(await read(file, { time: 'when', deviceName: 'mine', values: ['x'] }))).toEqual([
      'mine x 1 at 0',
    ])
  })

  test('without a time the lines of each device are evenly apart', async () => {
    const file = written('a.csv', 'mote,value\n1,10\n1,11\n2,20\n1,12\n')
    expect(told(await read(file, { every: seconds(5), start: noon }))).toEqual([
      '1 value 10 at 0',
      '1 value 11 at 5',
      '2 value 20 at 0',
      '1 value 12 at 10',
    ])
  })

  test.each([
    ['no time', 'a,b\n1,2\n', {}, /no column looks like a time: it has "a", "b"; name one with --time, or/],
    ['numbers alone', '1,2,3\n4,5,6\n', {}, /the first line looks like data: add a header line such as/],
    ['numbers, where a length says when', '1,2\n3,4\n', { every: seconds(5) }, /looks like data/],
    ['a time', 'press-7,2026-01-05 12:00:00,ok\n', {}, /looks like data/],
    [
      'a name that is not there',
      'time,b\n1,2\n',
      { device: 'c' },
      /--device "c" is no column: it has "time"/,
    ],
    ['a metric without a value', 'time,m,b,c\n1,2,3,4\n', { metric: 'm' }, /which\? Name it with --values/],
  ])('a header with %s is one fault, and ends the file', async (_, text, columns, fault) => {
    const lines = await read(written('a.csv', text), columns)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ line: 1, readings: [], faults: [expect.stringMatching(fault)] })
  })
})

test('columns may be called by numbers, beside one of a usual name or as they are given', async () => {
  const usual = written('a.csv', 'mote,1\nm,10\n')
  expect(told(await read(usual, { every: seconds(5), start: noon }))).toEqual(['m 1 10 at 0'])
  const given = written('b.csv', '1,2\n10,11\n')
  expect(told(await read(given, { every: seconds(5), start: noon, values: ['2'] }))).toEqual(['b 2 11 at 0'])
})

describe('times', () => {
  test.each([
    ['seconds', `${noon / 1_000}`],
    ['milliseconds', `${noon}`],
    ['microseconds', `${noon}000`],
    ['nanoseconds', `${noon}000000`],
    ['ISO 8601', '2026-01-05T13:00:00+01:00'],
    ['date and time, taken as UTC', '2026-01-05 12:00:00'],
  ])('are read in %s', async (_, stamp) => {
    expect(told(await read(written('d.csv', `ts,value\n${stamp},1\n`)))).toEqual(['d value 1 at 0'])
    const object = JSON.stringify({ ts: /^\d+$/.test(stamp) ? Number(stamp) : stamp, value: 1 })
    expect(told(await read(written('d.ndjson', object)))).toEqual(['d value 1 at 0'])
  })
})

describe('lines that cannot be read', () => {
  test('are told of with number, column, value and remedy, and spoil no other', async () => {
    const file = written(
      'd.csv',
      [
        '\ufefftime,temp,hum',
        `${noon},1,2`,
        '',
        'yesterday,1,2',
        `${noon},hot,3\r`,
        `${noon},1`,
        `${noon},"1,2`,
        `${noon},1e400,4`,
        `"${noon}","5",NaN`,
        `${noon},${'9'.repeat(70_000)},1`,
        `${noon},6,7,`,
      ].join('\n'),
    )
    const lines = await read(file)
    expect(told(lines)).toEqual(
      ['temp 1', 'hum 2', 'hum 3', 'hum 4', 'temp 5', 'temp 6', 'hum 7'].map((each) => `d ${each} at 0`),
    )
    expect(faults(lines)).toEqual([
      expect.stringMatching(/^4: column "time" is "yesterday": write a time in s, ms/),
      expect.stringMatching(/^5: column "temp" is "hot": write a number/),
      '6: it has 2 fields and the header 3: write as many',
      expect.stringMatching(/^7: a quote is opened here and never closed: close it, or double it$/),
      expect.stringMatching(/^8: column "temp" is "1e400": write a number of at most/),
      expect.stringMatching(/^10: it is longer than 65536 characters/),
    ])
  })

  test('are those of NDJSON that are no objects, and values that are objects', async () => {
    const file = written(
      'd.ndjson',
      `nonsense\n{"time":${noon},"value":1}\n[]\n{"time":${noon},"value":{"a":1}}\n{"value":1}\n`,
    )
    const lines = await read(file)
    expect(told(lines)).toEqual(['d value 1 at 0'])
    expect(faults(lines)).toEqual([
      expect.stringMatching(/^1: it is no JSON object: write one a line/),
      expect.stringMatching(/^3: it is no JSON object/),
      expect.stringMatching(/^4: column "value" is an object: write a number/),
      expect.stringMatching(/^5: column "time" is missing: write a time/),
    ])
  })

  test('are those of devices whose name cannot be in a topic', async () => {
    const lines = await read(written('a.csv', `time,device,value\n${noon},a/b,1\n${noon},,1\n`))
    expect(faults(lines)).toEqual([
      expect.stringMatching(/^2: column "device": device "a\/b" cannot be a level .* name it without "\/"/),
      expect.stringMatching(/^3: column "device": device "" cannot be/),
    ])
  })
})

describe('separators', () => {
  test.each([
    ['semicolons and decimal commas', 'd.csv', `time;temp\n${noon};21,5\n`],
    ['tabs', 'd.tsv', `time\ttemp\n${noon}\t21.5\n`],
    ['quotes around everything', 'd.csv', `"time","temp"\n"${noon}","21.5"\n`],
    ['ends of lines of Windows', 'd.csv', `time,temp\r\n${noon},21.5\r\n`],
  ])('may be %s', async (_, name, text) => {
    expect(told(await read(written(name, text)))).toEqual(['d temp 21.5 at 0'])
  })
})

describe('a folder', () => {
  test('is played in the order of time, over all files in it and below', async () => {
    const folder = temporaryFolder()
    await mkdir(join(folder, 'below'))
    const at = (second: number): number => noon + seconds(second)
    writeFileSync(join(folder, 'b.csv'), `time,value\n${at(1)},1\nnonsense,2\n${at(3)},3\n${at(2)},2\n`)
    writeFileSync(
      join(folder, 'below', 'a.ndjson'),
      `{"time":${at(0)},"value":0}\n{"time":${at(2)},"value":9}\n`,
    )
    writeFileSync(join(folder, 'c.csv'), '')
    writeFileSync(join(folder, 'notes.md'), '# Not a recording\n')
    const lines = await read(folder)
    expect(told(lines)).toEqual([
      'a value 0 at 0',
      'b value 1 at 1',
      'a value 9 at 2',
      'b value 3 at 3',
      'b value 2 at 2',
    ])
    expect(faults(lines)).toHaveLength(1)
  })

  test('without a recording is refused, as is a file of another kind, and one that is not there', async () => {
    const folder = temporaryFolder()
    expect(() => recordedFiles(folder)).toThrow(/has no file that ends with \.csv/)
    expect(() => recordedFiles(join(folder, 'x'))).toThrow(/there is no/)
    await expect(read(written('a.pdf', ''))).rejects.toThrow(/a.pdf is none of .csv, .tsv/)
  })
})

test('the size of what is read does not matter', async () => {
  const count = 50_000
  const rows = Array.from({ length: count }, (_, index) => `${noon + index * 1_000},${index}\n`)
  const file = written('long.csv', `time,value\n${rows.join('')}`)
  let sum = 0
  let latest = 0
  let last = 0
  for await (const { readings, bytes } of readRecording([file], { now })) {
    sum += readings[0]!.value
    latest = readings[0]!.time
    last = bytes
  }
  expect(sum).toBe((count * (count - 1)) / 2)
  expect(latest).toBe(noon + (count - 1) * 1_000)
  expect(latest - noon).toBeGreaterThan(hours(13))
  expect(last).toBe(recordedFiles(file).bytes)
})
