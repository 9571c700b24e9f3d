import { createHash } from 'node:crypto'

/** Longest token `subjectToken` returns, in characters. */
export const longestSubjectToken = 200

/**
 * Any string as one token of a NATS subject: `A-Z a-z 0-9 _ -` stand for themselves, every other byte of its
 * UTF-8 becomes `=XX`, the empty string becomes `=`. The result always matches `^[A-Za-z0-9_=-]+$`, so no
 * name can add a token, a wildcard or a line to what is sent to the server.
 *
 * Different names give different tokens. What would be longer than 200 characters ends in `=-` and the
 * SHA-256 of the name instead, which cannot be decoded; `=-` occurs nowhere else. Lone surrogates, which
 * UTF-8 has no bytes for, keep the three bytes their number would have, so that they stay distinct too.
 */
export const subjectToken = (name: string): string => {
  if (plain.test(name) && name.length <= longestSubjectToken) return name
  if (name === '') return '='
  const bytes = bytesOf(name)
  let token = ''
  for (const byte of bytes) token += spelled[byte]
  return token.length <= longestSubjectToken ? token : shortened(token, bytes)
}

/** The name `token` was made from, or undefined for a shortened token or one `subjectToken` never makes. */
export const nameOfSubjectToken = (token: string): string | undefined => {
  if (token === '=') return ''
  if (!regular.test(token)) return undefined
  const bytes = [...token.matchAll(/=(..)|(.)/g)].map(([, hex, character]) =>
    hex ? Number.parseInt(hex, 16) : character!.charCodeAt(0),
  )
  const name = stringOf(bytes)
  return subjectToken(name) === token ? name : undefined
}

const plain = /^[A-Za-z0-9_-]+$/
const regular = /^(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+$/

const spelled: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return plain.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
})

const digestLength = '=-'.length + 43

function shortened(token: string, bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest('base64url')
  // Cut before an escape rather than through it, so that the readable part stays readable.
  const head = token.slice(0, longestSubjectToken - digestLength).replace(/=[0-9A-F]?$/, '')
  return `${head}=-${digest}`
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

function bytesOf(name: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(name)) return Buffer.from(name)
  const bytes: number[] = []
  for (const character of name) {
    const unit = character.codePointAt(0) as number
    if (isSurrogate(unit)) bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63))
    else bytes.push(...Buffer.from(character))
  }
  return Uint8Array.from(bytes)
}

function stringOf(bytes: readonly number[]): string {
  let name = ''
  let from = 0
  for (let at = 0; at < bytes.length; at++) {
    const [first, second = 0, third = 0] = bytes.slice(at, at + 3)
    if (first !== 0xed || second < 0xa0 || at + 2 >= bytes.length) continue
    name += Buffer.from(bytes.slice(from, at)).toString()
    name += String.fromCharCode(((first & 15) << 12) | ((second & 63) << 6) | (third & 63))
    at += 2
    from = at + 1
  }
  return name + Buffer.from(bytes.slice(from)).toString()
}
