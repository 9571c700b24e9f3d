import { InvalidArgumentError } from 'commander'
import { filterFault } from '../../devices/broker/topic-filter.ts'
import { oneMore } from './shared-options.ts'

/** One more MQTT topic filter. For an option that may be given several times. */
export const parseRetain = (text: string, before: readonly string[]): string[] => {
  const fault = filterFault(text)
  if (fault) throw new InvalidArgumentError(`${fault}.`)
  return oneMore(text, before)
}
