import type { Observable } from 'rxjs'
import { minutes } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { excerpt } from '../formats/excerpt.ts'
import { RepeatCounter, type Repeats } from '../repeat-counter.ts'
import type { Refusal } from './refusals.ts'

/**
 * Reports refusals to the operator: the first of a kind at once, and then at most one line a minute for each
 * kind, with the newest and how many there were. Ends with `refusals`.
 *
 * @param onNotice receives a line without control characters.
 */
export const reportRefusals = (
  refusals: Observable<Refusal>,
  clock: WallClock,
  onNotice: (line: string) => void,
): void => {
  const report = ({ count, newest }: Repeats<Refusal>): void =>
    onNotice(`${sentenceOf(newest)} (${count} within a minute, ${newest.count} since the start)`)
  const counter = new RepeatCounter<Refusal>({ clock, window: minutes(1), kinds: mostKinds, report })
  refusals.subscribe({
    next(refusal) {
      if (counter.isFirst(refusal.kind, refusal))
        onNotice(`${sentenceOf(refusal)} (${refusal.count} since the start)`)
    },
    complete: () => counter.flush(),
  })
}

/** More than a broker has. */
const mostKinds = 100

const sentenceOf = ({ client, address, reason }: Refusal): string => {
  const subject = client === '' ? 'a client' : `client ${printable(client)}`
  return `${subject}${address === '' ? '' : ` of ${address}`} ${reason}`
}

/** Quoted, and without the invisible characters that JSON leaves as they are. */
const printable = (text: string): string => excerpt(text).replace(/\p{C}/gu, '\ufffd')
