import { InvalidArgumentError, Option } from 'commander'

const remedy = 'Give an address like nats://127.0.0.1:4222.'

/** Where to find a NATS server that runs already. */
export const natsOption = (description: string): Option =>
  new Option('--nats <url>', description).argParser(parseNatsUrl).env('NATS_URL')

/** What NATS_URL says, undefined when it says nothing. Throws when that is no address. */
export const natsUrlOfEnvironment = (): string | undefined => {
  const url = process.env['NATS_URL']
  if (!url || isNatsUrl(url)) return url || undefined
  throw new Error(`NATS_URL is ${JSON.stringify(url)}, which is no address. ${remedy}`)
}

const parseNatsUrl = (text: string): string => {
  if (isNatsUrl(text)) return text
  throw new InvalidArgumentError(remedy)
}

/** A host alone, or with a port, will do. */
const isNatsUrl = (text: string): boolean => URL.canParse(text.includes('://') ? text : `nats://${text}`)
