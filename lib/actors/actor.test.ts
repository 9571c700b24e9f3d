import { bufferTime, connect, map, merge, Subject, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { counter } from '../../test/support/counter.ts'
import { inSequence } from '../processors/in-sequence.ts'
import { ordered } from '../processors/ordered.ts'
import { tumbling } from '../processors/tumbling.ts'
import { watermarks } from '../processors/watermarks.ts'
import { type WindowResult, window } from '../processors/window.ts'
import { count } from '../statistics/count.ts'
import { sum } from '../statistics/sum.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { Actor, firingsPerTurn } from './actor.ts'
import type { Behavior } from './behavior.ts'
import { TurnOutputs } from './turn-outputs.ts'

const day = Date.UTC(2026, 0, 5)
const at = (offset: number): Timed => ({ time: day + offset })

/** Gives events at `offsets` to a new actor and returns what each turn put out. */
function turns<Out>(behavior: Behavior<Timed, Out>, ...offsets: number[]): Out[][] {
  const { turn } = started(behavior)
  return offsets.map((offset) => turn(offset).values as Out[])
}

function started<Out>(behavior: Behavior<Timed, Out>) {
  const misuse: string[] = []
  const actor = new Actor('pump', behavior as Behavior<Timed, unknown>, ({ message }) => misuse.push(message))
  const turn = (offset: number): TurnOutputs => {
    const outputs = new TurnOutputs()
    actor.turn('event', at(offset), day + offset, outputs)
    return outputs
  }
  return { actor, turn, misuse }
}

const clock = (bound: number) => watermarks<Timed, unknown>(boundedOutOfOrderness(bound))

describe('Actor', () => {
  it('hands an event on before it moves the clock', () => {
    const results = turns(
      (inbox, actor) =>
        inbox.pipe(actor.durable('time', clock(0)), actor.durable('ten', window(tumbling(10), count()))),
      5,
      12,
      20,
    )
    expect(results.map((values) => values.map(({ value }) => value))).toEqual([[], [1], [1]])
  })

  it('fires stock timers and steps in the order of time', () => {
    const behavior: Behavior<Timed, string> = (inbox, actor) =>
      inbox.pipe(
        actor.durable('time', clock(0)),
        actor.durable('order', ordered()),
        connect((events) =>
          merge(
            events.pipe(
              actor.durable('ten', window(tumbling(10), count())),
              map(({ window: { end } }) => `window to ${end - day}`),
            ),
            events.pipe(
              map(({ time }) => time - day),
              bufferTime(15, actor.clock),
              map((offsets) => `buffer ${offsets}`),
            ),
          ),
        ),
      )
    expect(turns(behavior, 1, 2, 12, 40)).toEqual([
      [],
      [],
      ['window to 10'],
      ['buffer 1,2,12', 'window to 20', 'buffer '],
    ])
  })

  it('lets a step see what the step before it releases at a moment as not yet late', () => {
    const behavior: Behavior<Timed, WindowResult<number>> = (inbox, actor) =>
      inbox.pipe(
        actor.durable('time', clock(5)),
        actor.durable('order', ordered()),
        actor.durable('ten', window(tumbling(10), count())),
      )
    const { turn } = started(behavior)
    const outputs = [9, 4, 30].map(turn)
    expect(outputs.flatMap(({ asides }) => asides)).toEqual([])
    expect(outputs[2]!.values).toEqual([expect.objectContaining({ value: 2 })])
  })

  it('lets a window of windows take what its own first step releases', () => {
    const behavior: Behavior<Timed, unknown> = (inbox, actor) =>
      inbox.pipe(
        actor.durable('time', clock(0)),
        actor.durable('both', inSequence(window(tumbling(10), count()), window(tumbling(30), sum()))),
      )
    const { turn } = started(behavior)
    const outputs = [5, 15, 25, 31].map(turn)
    expect(outputs.flatMap(({ asides }) => asides)).toEqual([])
    expect(outputs[3]!.values).toEqual([expect.objectContaining({ value: 3 })])
  })

  it('stops firing timers at a limit and goes on with the next turn', () => {
    const behavior: Behavior<Timed, number> = (inbox, actor) =>
      merge(
        inbox.pipe(
          actor.durable('time', clock(0)),
          map(() => -1),
        ),
        timer(0, 1, actor.clock),
      )
    const { turn } = started(behavior)
    turn(0)
    const jump = turn(3 * firingsPerTurn)
    expect(jump.values.length).toBeLessThanOrEqual(firingsPerTurn + 1)
    expect(turn(3 * firingsPerTurn + 1).values.length).toBeGreaterThan(firingsPerTurn / 2)
  })

  it('throws what its behavior throws, at the turn', () => {
    const { turn } = started((inbox) =>
      inbox.pipe(
        map(() => {
          throw new Error('no')
        }),
      ),
    )
    expect(() => turn(0)).toThrow('no')
  })

  it('reports an emission outside a turn', () => {
    const elsewhere = new Subject<number>()
    const { misuse } = started((inbox) => merge(inbox.pipe(map(() => 0)), elsewhere))
    elsewhere.next(1)
    expect(misuse).toEqual([expect.stringContaining('outside a turn')])
  })

  it('refuses two steps of one name', () => {
    const behavior: Behavior<Timed, number> = (inbox, actor) =>
      merge(inbox.pipe(actor.durable('n', counter())), inbox.pipe(actor.durable('n', counter())))
    expect(() => started(behavior)).toThrow('Two durable steps are named "n"')
  })

  it('refuses a step that is subscribed twice', () => {
    const behavior: Behavior<Timed, number> = (inbox, actor) => {
      const counts = inbox.pipe(actor.durable('n', counter()))
      return merge(counts, counts)
    }
    const { turn } = started(behavior)
    expect(() => turn(0)).toThrow('"n" is subscribed twice')
  })
})
