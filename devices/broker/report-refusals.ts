import type { Observable } from 'rxjs'
import { minutes } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { excerpt } from '../formats/excerpt.ts'
import { RepeatCounter, type Repeats } from '../repeat-counter.ts'
import type { Refusal } from './refusals.ts'

/**
 * Puts refusals into lines for the operator: the first of a kind at once, and then at most one line a minute
 * for each kind, with how many there were and the newest. Completes with `refusals`.
 */
export const reportRefusals = (
  refusals: Observable<Refusal>,
  clock: WallClock,
  onNotice: (line: string) => void,
): void => {
  const report = ({ count, newest }: Repeats<Refusal>): void =>
    onNotice(`${sentenceOf(newest)} (${count} within a minute)`)
  const counter = new RepeatCounter<Refusal>({ clock, window: minutes(1), kinds: mostKinds, report })
  refusals.subscribe({
    next(refusal) {
      if (counter.isFirst(refusal.kind, refusal)) onNotice(sentenceOf(refusal))
    },
    complete: () => counter.flush(),
  })
}

/** More than there are. */
const mostKinds = 100

const sentenceOf = ({ client, address, reason }: Refusal): string => {
  const who = client === '' ? 'a client' : `client ${printable(client)}`
  return `${who}${address === '' ? '' : ` of ${address}`} ${reason}`
}

/** Quoted, and without the invisible characters that JSON leaves as they are. */
const printable = (text: string): string => excerpt(text).replace(/\p{C}/gu, '\ufffd')
