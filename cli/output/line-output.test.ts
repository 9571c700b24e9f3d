import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { LineOutput, OutputFailed } from './line-output.ts'

/** A stream whose reader takes a line only when it is asked to. */
const slowStream = () => {
  const read: string[] = []
  const takes: ((error?: Error) => void)[] = []
  const stream = new Writable({
    highWaterMark: 4,
    write(chunk, _encoding, taken) {
      takes.push((error) => {
        if (!error) read.push(`${chunk}`)
        taken(error)
      })
    },
  })
  const take = async (error?: Error): Promise<void> => {
    takes.shift()?.(error)
    await new Promise(setImmediate)
  }
  return { stream, read, take }
}

const failure = (code: string): Error => Object.assign(new Error(`write ${code}`), { code })

test('a line resolves when its reader has room for the next, and a flush when all is read', async () => {
  const { stream, read, take } = slowStream()
  const output = new LineOutput(stream)
  const settled: string[] = []
  void output.print('one').then((isRead) => settled.push(`one ${isRead}`))
  void output.print('two').then((isRead) => settled.push(`two ${isRead}`))
  void output.flush().then(() => settled.push('flushed'))
  await take()
  expect(settled).toEqual([])
  await take()
  await take()
  expect(settled).toEqual(expect.arrayContaining(['one true', 'two true', 'flushed']))
  expect(read.join('')).toBe('one\ntwo\n')
  expect(output.room).toBeUndefined()
})

test('a reader that ends is not a failure: lines resolve with false, and nothing waits', async () => {
  const { stream, take } = slowStream()
  const output = new LineOutput(stream)
  const printed = output.print('one')
  await take(failure('EPIPE'))
  expect(await printed).toBe(false)
  expect(await output.print('two')).toBe(false)
  expect(output.room).toBeUndefined()
  await output.flush()
  expect(await output.lost).toMatchObject({ code: 'EPIPE' })
})

test('any other error is a failure, of the line and of the flush', async () => {
  const { stream, take } = slowStream()
  const output = new LineOutput(stream)
  const printed = output.print('one').catch((error: unknown) => error)
  await take(failure('ENOSPC'))
  expect(await printed).toBeInstanceOf(OutputFailed)
  await expect(output.flush()).rejects.toThrow('the output cannot be written: write ENOSPC; check where')
})
