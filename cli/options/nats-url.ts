import { CommanderError, Option } from 'commander'
import { readServerAddresses, shownAddress } from '../../lib/nats/server-address.ts'
import { shellWord } from './shared-options.ts'

/** Where to find a NATS server that runs already. */
export const natsOption = (description: string): Option =>
  new Option('--nats <url>', description)
    .argParser((url: string) => checked('--nats or NATS_URL', url))
    .env('NATS_URL')

/** What NATS_URL says, undefined when it says nothing. Throws when that is no address. */
export const natsUrlOfEnvironment = (): string | undefined => {
  const url = process.env['NATS_URL']
  return url ? checked('NATS_URL', url) : undefined
}

/**
 * NATS_URL as a person has to set it again before another command, empty when it is not set. Without user and
 * password, which are not shown.
 */
export const natsUrlPrefix = (): string => {
  const url = natsUrlOfEnvironment()
  if (url === undefined) return ''
  const shown = shownAddress(url)
  return `NATS_URL=${shown === url ? shellWord(url) : '…'} `
}

/** Commander's own words for a value that it refuses would show a password in it. */
const checked = (name: string, url: string): string => {
  if (isNatsUrl(url)) return url
  const words = `${name} is ${JSON.stringify(shownAddress(url))}, which is no address. ${remedy}`
  throw new CommanderError(2, 'tidemark.natsUrl', words)
}

const remedy = 'Give an address like nats://127.0.0.1:4222.'

/** A host alone, or with a port, will do. */
const isNatsUrl = (text: string): boolean =>
  readServerAddresses(text).addresses.every((address) =>
    URL.canParse(address.includes('://') ? address : `nats://${address}`),
  )
