import { isAscii, isUtf8, transcode } from 'node:buffer'

/** The text that `payload` is in UTF-8, without a byte order mark; undefined when it is not UTF-8. */
export const payloadText = (payload: Uint8Array): string | undefined => {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (!isUtf8(bytes)) return undefined
  // Of a long text, V8's own decoder takes six times as long as this.
  const text = bytes.length < 256 ? bytes.toString() : transcode(bytes, 'utf8', 'ucs2').toString('ucs2')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
