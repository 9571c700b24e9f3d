/** Many short texts as one: encoding each by itself costs more than all of them together. */
export interface JoinedText {
  readonly text: string
  /** Length of each in UTF-16 units. */
  readonly lengths: Uint16Array
}

/** @param texts Each at most 65,535 units long. */
export const joinText = (texts: readonly string[]): JoinedText => {
  const lengths = new Uint16Array(texts.length)
  for (let index = 0; index < texts.length; index++) lengths[index] = texts[index]!.length
  return { text: texts.join(''), lengths }
}

export function splitText({ text, lengths }: JoinedText): string[] {
  const texts: string[] = []
  let start = 0
  for (const length of lengths) {
    texts.push(text.slice(start, start + length))
    start += length
  }
  return texts
}
