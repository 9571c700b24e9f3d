import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { extname } from 'node:path'
import type { Reading } from '../../devices/wire/reading.ts'
import { timeStamp } from './time-stamp.ts'

const formats: Readonly<Record<string, { readonly header: string; lineOf(reading: Reading): string }>> = {
  '.csv': {
    header: 'time,device,metric,value\n',
    lineOf: ({ time, device, metric, value }) =>
      `${timeStamp(time)},${csvField(device)},${csvField(metric)},${value}\n`,
  },
  '.ndjson': {
    header: '',
    lineOf: ({ time, device, metric, value }) =>
      `${JSON.stringify({ time: timeStamp(time), device, metric, value })}\n`,
  },
}

/** Writes readings to a new file, one a line, so that replaying it gives the same readings again. */
export class RecordingWriter {
  written = 0
  private readonly stream: WriteStream
  private readonly lineOf: (reading: Reading) => string
  private failure: Error | undefined

  /**
   * Makes the file, CSV or NDJSON by its ending.
   * @throws Error in words when it is there already, or cannot be written.
   */
  static async create(file: string): Promise<RecordingWriter> {
    const format = formats[extname(file).toLowerCase()]
    if (!format) throw new Error(`${file} must end with ${Object.keys(formats).join(' or ')}`)
    const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 })
    try {
      await once(stream, 'open')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') throw new Error(`${file} is there already: name another file, or remove it`)
      throw new Error(`${file} cannot be written: ${message}`)
    }
    stream.write(format.header)
    return new RecordingWriter(stream, format.lineOf)
  }

  private constructor(stream: WriteStream, lineOf: (reading: Reading) => string) {
    this.stream = stream
    this.lineOf = lineOf
    stream.on('error', (error) => {
      this.failure = error
    })
  }

  /** Throws once the file cannot be written any more, as when the disk is full. */
  write(reading: Reading): void {
    if (this.failure) throw new Error(`the recording cannot be written: ${this.failure.message}`)
    this.stream.write(this.lineOf(reading))
    this.written++
  }

  /** Resolves when everything is in the file; rejects when it could not be. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream.once('error', reject)
      this.stream.end(() => (this.failure ? reject(this.failure) : resolve()))
    })
  }
}

const csvField = (text: string): string =>
  /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
