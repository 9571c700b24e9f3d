import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readServerAddresses } from '../../lib/nats/server-address.ts'
import { writePrivateFile } from '../private-file.ts'

/** The one user of a managed NATS server that may publish. */
export interface NatsUser {
  readonly user: string
  readonly pass: string
}

/**
 * The user of the server in `folder`: the same after a restart, a random one at first. Its address with
 * user and password is kept in the file `url` there, which only the owner can read.
 */
export const natsUserIn = (folder: string): NatsUser => savedUser(folder) ?? randomUser()

/** Saves the address of the server in `folder` with its user, and returns it. */
export const saveNatsUrl = (folder: string, { user, pass }: NatsUser, port: number): string => {
  const url = `nats://${user}:${pass}@127.0.0.1:${port}`
  writePrivateFile(urlFile(folder), `${url}\n`)
  return url
}

const urlFile = (folder: string): string => join(folder, 'url')

const randomUser = (): NatsUser => ({
  user: `tidemark-${randomBytes(4).toString('hex')}`,
  pass: randomBytes(24).toString('base64url'),
})

const savedUser = (folder: string): NatsUser | undefined => {
  let text: string
  try {
    text = readFileSync(urlFile(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { user = '', pass = '' } = readServerAddresses(text.trim()).credentials
  return isSecret(user) && isSecret(pass) ? { user, pass } : undefined
}

/** Long enough, and of characters that mean nothing else in a URL or in the server's configuration. */
const isSecret = (text: string): boolean => /^[\w-]{16,}$/.test(text)
