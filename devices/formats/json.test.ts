import fc from 'fast-check'
import { expect, test } from 'vitest'
import { json } from './json.ts'

const arrival = Date.UTC(2026, 4, 5, 12)
const read = (topic: string, payload: string | Uint8Array, format = json()) =>
  format.on(topic).read(typeof payload === 'string' ? Buffer.from(payload) : payload, arrival)
const metrics = (topic: string, payload: unknown) =>
  read(topic, JSON.stringify(payload)).readings.map(({ metric, value }) => [metric, value])

test('a plain number is one reading at the time of its arrival', () => {
  expect(read('v1/press-7/temperature', '71.4')).toEqual({
    readings: [{ device: 'press-7', metric: 'temperature', value: 71.4, time: arrival }],
    faults: [],
  })
})

test('an object is one reading a field, nested fields by their path', () => {
  const payload = { temperature: 71.4, motor: { current: 3, phase: { a: 1 } }, running: true, spare: null }
  expect(metrics('v1/press-7', payload)).toEqual([
    ['temperature', 71.4],
    ['motor.current', 3],
    ['motor.phase.a', 1],
    ['running', 1],
  ])
})

test('on a topic that names a metric, value is that metric and the rest is named after it', () => {
  expect(metrics('v1/p/vibration', { value: 1 })).toEqual([['vibration', 1]])
  expect(metrics('v1/p/vibration', { x: 1, y: 2 })).toEqual([
    ['vibration.x', 1],
    ['vibration.y', 2],
  ])
})

test('a top-level time field is the event time and no metric', () => {
  for (const field of ['ts', 'time', 'timestamp'])
    expect(read('v1/p', `{"${field}":${arrival / 1_000 - 60},"m":1}`).readings).toEqual([
      { device: 'p', metric: 'm', value: 1, time: arrival - 60_000 },
    ])
})

test('one bad field keeps the good ones', () => {
  const { readings, faults } = read('v1/p', '{"a":1,"b":"warm","c":1e400,"d":[1],"e":2e15,"f":2}')
  expect(readings.map(({ metric }) => metric)).toEqual(['a', 'f'])
  expect(faults.map(({ message }) => message)).toEqual([
    'field "b" is "warm": send a number, or name the field in json({ ignore })',
    'field "c" is Infinity: send a finite number of at most 1000000000000000 in magnitude',
    'field "d" is "array of 1": send a number, or name the field in json({ ignore })',
    'field "e" is 2000000000000000: send a finite number of at most 1000000000000000 in magnitude',
  ])
})

test('a field that is named to be ignored is no fault', () => {
  const format = json({ ignore: ['unit', 'about.firmware'] })
  expect(read('v1/p', '{"a":1,"unit":"C","about":{"firmware":"1.2"}}', format).faults).toEqual([])
})

test.each([
  ['v1/p/m', '', 'neither a number nor valid JSON'],
  ['v1/p/m', 'NaN', 'neither a number nor valid JSON'],
  ['v1/p/m', '"71.4"', 'send a number, or a JSON object'],
  ['v1/p/m', '[1,2]', 'array of 2'],
  ['v1/p/m', 'null', 'the payload is null'],
  ['v1/p/m', '1e400', 'the payload is Infinity'],
  ['v1/p/m', '-1e16', 'the payload is -10000000000000000'],
  ['v1/p', '71.4', 'names no metric for the number 71.4'],
  ['v1/p', '{}', 'no metric'],
  ['v1/p', '{"ts":"yesterday","m":1}', 'field "ts" is "yesterday"'],
  ['v1/p', '{"ts":null,"m":1}', 'field "ts" is null'],
  ['v1/p', '{"":1}', 'metric name ""'],
  ['v1/p', '{"\\ud800":1}', 'ill-formed'],
  ['v1/p', `{"${'m'.repeat(200)}":1}`, 'longer than 128'],
  ['other/p', '1', 'matches none of v1/{device}/{metric}, v1/{device}'],
  [
    'v1/p',
    JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, i]))),
    'than 256 fields',
  ],
  ['v1/p', `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`, 'field "a.a.a.a.a.a.a.a" is nested deeper than 8'],
  ['v1/p', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'the payload is nested deeper than 8'],
  ['v1/p', '['.repeat(60_000), 'the payload of 60000 bytes begins with "[[['],
  ['v1/p', `{"a":${'['.repeat(300)}${']'.repeat(300)}}`, 'array of 1'],
  ['v1/p', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'the payload is nested deeper than 8'],
  ['v1/p', `{"a":[${'1,'.repeat(2_000)}1]}`, 'more than 1024 commas, texts and'],
  ['v1/p', `{"a":[${'"",'.repeat(600)}1]}`, 'more than 1024 commas, texts and'],
  ['v1/p', `{${'"a":1,'.repeat(6_000)}"a":1}`, 'more than 256 fields'],
  ['v1/p', `{${' '.repeat(20_000)}"a":1}`, 'more than 16384 bytes outside of texts'],
  ['v1/p', `{"a":0.${'0'.repeat(60_000)}1}`, 'more than 16384 bytes outside of texts'],
  ['v1/p', `{"a":"${'\\"'.repeat(2_000)}"}`, 'more than 1024 commas, texts and'],
  ['v1/p', `${' '.repeat(1_100)}1`, 'the payload of 1101 bytes begins with "  '],
])('%s with %.40s is a fault that says what and how to mend it', (topic, payload, reason) => {
  const { readings, faults } = read(topic, payload)
  expect(readings).toEqual([])
  expect(faults).toHaveLength(1)
  expect(faults[0]!.message).toContain(reason)
})

test('invalid UTF-8 is a fault, a byte order mark is not', () => {
  expect(read('v1/p/m', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])).faults[0]!.message).toContain(
    'not valid UTF-8',
  )
  expect(read('v1/p', '\ufeff{"m":1}').readings).toHaveLength(1)
})

test('names that mean something to JavaScript stay plain names', () => {
  expect(metrics('v1/__proto__', JSON.parse('{"__proto__":1,"constructor":{"prototype":2}}'))).toEqual([
    ['__proto__', 1],
    ['constructor.prototype', 2],
  ])
  expect(({} as Record<string, unknown>)['prototype']).toBeUndefined()
})

test('whatever arrives, nothing is thrown and every value is finite', () => {
  const format = json()
  const payloads = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc
      .dictionary(fc.string(), fc.oneof(fc.double(), fc.string(), fc.jsonValue()))
      .map((o) => Buffer.from(JSON.stringify(o))),
  )
  const topics = fc.oneof(fc.constantFrom('v1/p', 'v1/p/m', '', 'v1/', 'v1//'), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(topics, payloads, (topic, payload) => {
      const { readings, faults } = format.on(topic).read(payload, arrival)
      expect(readings.length + faults.length).toBeGreaterThan(0)
      for (const { value, time, metric } of readings) {
        expect(Math.abs(value)).toBeLessThanOrEqual(1e15)
        expect(Number.isFinite(time)).toBe(true)
        expect(metric).not.toBe('')
      }
    }),
    { numRuns: 10_000, seed: 1 },
  )
})

test('a fault has the same kind whatever the value, and another for another field', () => {
  const kinds = (payload: string) => read('v1/p', payload).faults.map(({ kind }) => kind)
  expect(kinds('{"a":1,"rssi":"-60 dBm","x":"y"}')).toEqual([
    'field "rssi" not a number',
    'field "x" not a number',
  ])
  expect(kinds('{"a":2,"rssi":"-61 dBm","x":[]}')).toEqual(kinds('{"a":1,"rssi":"-60 dBm","x":"y"}'))
  expect(kinds('gibberish')).toEqual(kinds('other gibberish'))
  expect(kinds('{"ts":"yesterday"}')).toEqual(kinds('{"ts":"tomorrow"}'))
})

test('of many faults the first are described, and the others counted', () => {
  const payload = JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, 'text'])))
  const { faults } = read('v1/p', payload)
  expect(faults).toHaveLength(9)
  expect(faults[8]!.message).toBe('and 192 more of its values')
})

test('an object under a name that is too long is one fault, not one for each of its fields', () => {
  const inside = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]))
  const { readings, faults } = read('v1/p', JSON.stringify({ m: 1, ['x'.repeat(200)]: inside }))
  expect(readings).toHaveLength(1)
  expect(faults).toHaveLength(1)
  expect(faults[0]!.message).toContain('longer than 128 characters')
})

test('a long payload is read as a short one, with brackets and quotes in its texts', () => {
  const text = '[{",:\\"\\\\'.repeat(300)
  const { readings, faults } = read('v1/p', JSON.stringify({ a: 1, text, größe: 2 }))
  expect(readings.map(({ metric }) => metric)).toEqual(['a', 'größe'])
  expect(faults).toHaveLength(1)
  expect(read('v1/p', `\ufeff \n${JSON.stringify({ a: 1, text })}`).readings).toHaveLength(1)
  expect(read('v1/p', `{"a":1,"text":"${'ü'.repeat(1_000)}`).faults[0]!.kind).toBe('payload not JSON')
})
