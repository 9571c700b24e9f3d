import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Reading } from '../../devices/wire/reading.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { readRecording } from './read-recording.ts'
import { RecordingWriter } from './recording-writer.ts'

const now = Date.UTC(2026, 0, 31)

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[/+#\p{Cc}\p{Surrogate}]/u.test(text) && text.trim() === text)
const reading: fc.Arbitrary<Reading> = fc.record({
  device: name,
  metric: name,
  value: fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => value + 0),
  time: fc.oneof(
    fc.integer({ min: 0, max: now + 1e10 }),
    fc.integer({ min: 1.4e12, max: now }).map((time) => time + 0.125),
  ),
})

test.each(['csv', 'ndjson'])('what is written as .%s is read back the same', async (ending) => {
  const folder = temporaryFolder()
  let files = 0
  await fc.assert(
    fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 20 }), async (readings) => {
      const file = join(folder, `${files++}.${ending}`)
      const writer = await RecordingWriter.create(file)
      for (const each of readings) writer.write(each)
      await writer.close()
      const back: Reading[] = []
      for await (const line of readRecording([file], { now })) {
        expect(line.faults).toEqual([])
        back.push(...line.readings)
      }
      expect(back).toEqual(readings)
    }),
    { numRuns: 100 },
  )
})

test('a file that is there, that cannot be made or that ends otherwise is refused in words', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'a.csv')
  writeFileSync(file, '')
  await expect(RecordingWriter.create(file)).rejects.toThrow(/is there already: name another file/)
  await expect(RecordingWriter.create(join(file, 'b.csv'))).rejects.toThrow(/cannot be written/)
  await expect(RecordingWriter.create(join(folder, 'a.txt'))).rejects.toThrow(/must end with .csv or .ndjson/)
})
