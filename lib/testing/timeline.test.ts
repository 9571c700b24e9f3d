import { describe, expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../time/duration.ts'
import { caseWords } from './case-words.ts'
import { durationOf, moment, timelineStart, wordsOf } from './moment.ts'
import { at, silence, wallTime, watermark } from './notation.ts'
import { events, timeline } from './timeline.ts'

describe('timeline', () => {
  test('reads events, watermarks, silences and wall time in order of arrival', () => {
    expect(timeline('a@10s c@1m30s  ^12s\n ~ ~1h [2m] b@0')).toEqual([
      at(timelineStart + seconds(10), 'a'),
      at(timelineStart + seconds(90), 'c'),
      watermark(timelineStart + seconds(12)),
      silence(),
      silence(hours(1)),
      wallTime(timelineStart + minutes(2)),
      at(timelineStart, 'b'),
    ])
  })

  test('makes an event of a word and a time as it is told to', () => {
    const given = timeline('21.5@1s', (word, time) => ({ time, value: Number(word) }))
    expect(given).toEqual([{ time: moment('1s'), value: 21.5 }])
  })

  test.each(['a10s', '@10s', 'a@', 'a@b@1s', '(9s)'])('refuses %s', (word) => {
    expect(() => timeline(word)).toThrow(`timeline has "${word}", which is not understood`)
  })

  test.each(['10', '10x', '', 's'])('refuses the time "%s"', (time) => {
    expect(() => moment(time)).toThrow(`time "${time}" is not understood: write it like 12s`)
  })

  test('gives its events alone where nothing else can be', () => {
    expect(events('a@1s b@2s')).toEqual([at(moment('1s'), 'a'), at(moment('2s'), 'b')])
    expect(() => events('a@1s ~')).toThrow('events has "a@1s ~", and only events may be in it')
  })

  test('writes a length of time as it reads it', () => {
    const lengths = [0, 1, seconds(1), seconds(90), hours(25), -minutes(5), days(2) + 3]
    expect(lengths.map(wordsOf)).toEqual(['0', '1ms', '1s', '1m30s', '1d1h', '-5m', '2d3ms'])
    expect(lengths.map((length) => durationOf(wordsOf(length)))).toEqual(lengths)
    expect(durationOf('1.5s')).toBe(1_500)
  })

  test('is what a message shows a case as', () => {
    const text = 'a@10s c@1m30s ^12s ~ ~1h [2m] b@0'
    expect(caseWords(timeline(text))).toBe(text)
    expect(caseWords([at(3, { who: 'ann', heat: 4 }), at(5, 'x')])).toBe("{ who: 'ann', heat: 4 }@3ms x@5ms")
  })
})
