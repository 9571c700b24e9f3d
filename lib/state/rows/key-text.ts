/**
 * Text inside a key. Names are chosen by devices, so any string must fit and no two may meet: UTF-8, except
 * that U+0000 becomes C0 80, which leaves the byte 00 free to end a name, and that half of a surrogate pair
 * keeps its own three bytes instead of turning into U+FFFD. Order is that of code points.
 */
export const writeText = (text: string, target: Uint8Array, start: number): number => {
  let at = start
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0 && unit < 0x80) target[at++] = unit
    else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 0x3f)
    } else {
      const point = text.codePointAt(i) as number
      if (point > 0xffff) {
        i++
        target[at++] = 0xf0 | (point >> 18)
        target[at++] = 0x80 | ((point >> 12) & 0x3f)
      } else target[at++] = 0xe0 | (point >> 12)
      target[at++] = 0x80 | ((point >> 6) & 0x3f)
      target[at++] = 0x80 | (point & 0x3f)
    }
  }
  return at
}

/** No UTF-16 unit takes more bytes than this. */
export const maxBytesPerUnit = 3

/** Reverses `writeText`. */
export const readText = (bytes: Uint8Array, start: number, end: number): string => {
  let text = ''
  for (let at = start; at < end; ) {
    const first = bytes[at++] as number
    if (first < 0x80) text += String.fromCharCode(first)
    else {
      const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
      let point = first & (0x3f >> more)
      for (let i = 0; i < more; i++) point = (point << 6) | ((bytes[at++] as number) & 0x3f)
      text += String.fromCodePoint(point)
    }
  }
  return text
}
