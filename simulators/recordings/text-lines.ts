/** One line of a text file. */
export interface TextLine {
  /** From 1. */
  readonly number: number
  /** Without its end. Undefined when it is longer than `longestLine`. */
  readonly text: string | undefined
  /** Bytes of the file up to the end of the chunk it ended in. */
  readonly bytes: number
}

/** In UTF-16 units. What is longer is no line of measurements, and must not fill the memory. */
export const longestLine = 65_536

/** Splits UTF-8 text into lines, whatever the sizes of the chunks. Ends of lines are LF or CRLF. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const utf8 = new TextDecoder()
  let bytes = 0
  let number = 0
  let rest = ''
  let isTooLong = false
  const lineOf = (text: string): TextLine => {
    const whole = isTooLong || text.length > longestLine ? undefined : text.replace(/\r$/, '')
    isTooLong = false
    return { number: ++number, text: whole, bytes }
  }
  for await (const chunk of chunks) {
    bytes += chunk.length
    const parts = (rest + utf8.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop()!
    for (const part of parts) yield lineOf(part)
    if (rest.length > longestLine) {
      isTooLong = true
      rest = ''
    }
  }
  rest += utf8.decode()
  if (rest !== '' || isTooLong) yield lineOf(rest)
}
