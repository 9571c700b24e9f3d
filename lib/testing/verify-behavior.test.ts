import { bufferTime, distinctUntilChanged, filter, map, pairwise, scan } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { Behavior } from '../actors/behavior.ts'
import { ordered } from '../processors/ordered.ts'
import { tumbling } from '../processors/tumbling.ts'
import { watermarks } from '../processors/watermarks.ts'
import { type WindowResult, window } from '../processors/window.ts'
import { count } from '../statistics/count.ts'
import { days, seconds } from '../time/duration.ts'
import { dead, late, outputTag, quarantined } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { moment } from './moment.ts'
import { at, silence, tagged } from './notation.ts'
import { events, timeline } from './timeline.ts'
import { verifyBehavior } from './verify-behavior.ts'

type Letter = Timed & { readonly value: string }

const clock = (bound = seconds(5)) => watermarks<Letter, unknown>(boundedOutOfOrderness(bound))

/** Emits everything so far, joined. */
const joined: Processor<Letter, string, { all: string }> = {
  create: () => ({ all: '' }),
  onEvent(state, { value }, out) {
    state.all += value
    out.emit(state.all)
  },
}

const inOrder: Behavior<Letter, string> = (letters, actor) =>
  letters.pipe(
    actor.durable('time', clock()),
    actor.durable('order', ordered()),
    actor.durable('joined', joined),
  )

const asTheyCome: Behavior<Letter, string> = (letters, actor) =>
  letters.pipe(actor.durable('time', clock()), actor.durable('joined', joined))

const message = async (verification: Promise<unknown>): Promise<string> => {
  const error = await verification.then(
    () => expect.unreachable('it was verified'),
    (reason: unknown) => reason as Error,
  )
  return error.message
}

describe('verifyBehavior', () => {
  test('runs every order within the bound, and says how many', async () => {
    const verified = await verifyBehavior(inOrder, {
      given: timeline('a@1s b@2s c@3s d@4s z@20s'),
      orders: { within: seconds(5) },
      expect: ['a', 'ab', 'abc', 'abcd'],
    })
    expect(verified).toEqual({ orders: 24, ofOrders: 24n, runs: 72 })
  })

  test('takes a seeded sample when there are more', async () => {
    const verified = await verifyBehavior(inOrder, {
      given: timeline('a@1s b@2s c@3s d@4s e@5s f@5100ms g@5200ms h@5300ms z@20s'),
      orders: { within: seconds(5), atMost: 20 },
      expect: ['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh'],
    })
    expect(verified).toEqual({ orders: 20, ofOrders: 40_320n, runs: 60 })
  })

  test('shows the simplest order of the fewest events on which results depend', async () => {
    const verification = verifyBehavior(asTheyCome, {
      given: timeline('a@1s b@2s c@3s d@4s'),
      orders: { within: seconds(5) },
    })
    expect(await message(verification)).toMatch(
      /depends on the order of arrival[\s\S]*in order +c@3s d@4s\n +arrived +d@4s c@3s\n +expected +'c'/,
    )
  })

  test('shows what differs from what was expected', async () => {
    const verification = verifyBehavior(inOrder, {
      given: timeline('a@1s b@2s z@20s'),
      expect: ['a', 'ba'],
    })
    expect(await message(verification)).toMatch(/expected +'ba'\n +got +'ab'\n +1 more is the same/)
  })

  const upstream: [string, Behavior<Letter, unknown>][] = [
    [
      'scan',
      (letters, actor) =>
        letters.pipe(
          actor.durable('time', clock()),
          scan((all, { time, value }) => ({ time, value: all.value + value }), { time: 0, value: '' }),
          actor.durable('joined', joined),
        ),
    ],
    [
      'pairwise',
      (letters, actor) =>
        letters.pipe(
          pairwise(),
          map(([one, two]) => at(two.time, one.value + two.value)),
          actor.durable('joined', joined),
        ),
    ],
    [
      'bufferTime',
      (letters, actor) =>
        letters.pipe(
          actor.durable('time', clock(0)),
          bufferTime(seconds(2), actor.clock),
          map((all) => at(all.at(-1)?.time ?? 0, all.map(({ value }) => value).join())),
          actor.durable('joined', joined),
        ),
    ],
    [
      'distinctUntilChanged, though it does not show',
      (letters, actor) =>
        letters.pipe(
          distinctUntilChanged((one, two) => one.value === two.value),
          actor.durable('joined', joined),
          filter(() => false),
        ),
    ],
  ]

  test.each(upstream)('refuses %s upstream of a durable step', async (_, behavior) => {
    const words = await message(verifyBehavior(behavior, { given: timeline('a@1s a@2s b@3s c@9s d@20s') }))
    expect(words).toMatch(/step +"joined"/)
    expect(words).toContain('an operator upstream of durable step "joined" remembers events')
    expect(words).toContain('make it a durable step')
    expect(words).toMatch(/arrived +\w@\w+ ✂ \w@\w+( ✂ \w@\w+)?\n/)
  })

  test('refuses what remembers downstream, unless it may forget', async () => {
    const behavior: Behavior<Letter, string> = (letters, actor) =>
      letters.pipe(
        actor.durable('joined', joined),
        pairwise(),
        map(([one, two]) => `${one} ${two}`),
      )
    const given = timeline('a@1s b@2s')
    const words = await message(verifyBehavior(behavior, { given, expect: ['a ab'] }))
    expect(words).toContain('downstream of the last durable step, "joined", remembers')
    await verifyBehavior(behavior, { given, expect: ['a ab'], downstreamMayForget: true })
  })

  test('refuses a step that keeps something outside of its state', async () => {
    const behavior: Behavior<Letter, number> = (letters, actor) => {
      let seen = 0
      return letters.pipe(
        actor.durable('count', {
          create: () => null,
          onEvent(_state, _event: Letter, out) {
            seen++
            out.emit(seen)
          },
        }),
      )
    }
    const words = await message(verifyBehavior(behavior, { given: timeline('a@1s b@2s') }))
    expect(words).toMatch(/step +"count"\n +without +"count" puts out 2\n +restored +"count" puts out 1/)
  })

  test('refuses what is not deterministic', async () => {
    let called = 0
    const behavior: Behavior<Letter, string> = (letters, actor) =>
      letters.pipe(
        map(({ time, value }) => at(time, `${value}${called++}`)),
        actor.durable('joined', joined),
        filter(() => false),
      )
    const words = await message(verifyBehavior(behavior, { given: timeline('a@1s b@2s') }))
    expect(words).toMatch(/not deterministic: it uses a clock, chance/)
  })

  test('tells late, quarantined and dead events', async () => {
    const behavior: Behavior<Letter, Letter> = (letters, actor) =>
      letters.pipe(
        actor.durable('time', clock()),
        map((letter) => {
          if (letter.value === 'x') throw new Error('x is not known')
          return letter
        }),
        actor.durable('order', ordered()),
      )
    const [a, z, b, x, y] = events('a@1s z@20s b@2s x@21s y@40s')
    const future = { ...at(moment('1h'), 'f') }
    await verifyBehavior(behavior, {
      given: [a!, z!, b!, x!, { ...future, time: moment('20s') }, y!],
      expect: [a, tagged(late, b!), tagged(dead, x, /x is not known/), z, { ...future, time: moment('20s') }],
    })
    await verifyBehavior(behavior, {
      given: [at(0, 'old'), a!],
      expect: [tagged(quarantined, at(0, 'old'), /set the clock/)],
    })
  })

  test('tells what goes to a tag of the behavior, restored between all events', async () => {
    const doubled = outputTag<string>('doubled')
    const seen: Processor<Letter, never, { latest: string }> = {
      create: () => ({ latest: '' }),
      onEvent(state, { value }, out, { key }) {
        if (value === state.latest) out.to(doubled, `${key} ${value}`)
        state.latest = value
      },
    }
    await verifyBehavior<Letter, never>((letters, actor) => letters.pipe(actor.durable('seen', seen)), {
      key: 'k',
      given: timeline('a@1s a@2s b@3s b@4s'),
      expect: [tagged(doubled, 'k a'), tagged(doubled, 'k b', '')],
    })
  })

  test('lets silence bring out provisional results, and a long one the final ones', async () => {
    const behavior: Behavior<Letter, WindowResult<number>> = (letters, actor) =>
      letters.pipe(
        actor.durable('time', clock()),
        actor.durable('ten', window(tumbling(seconds(10)), count())),
      )
    await verifyBehavior(behavior, {
      given: [...timeline('a@1s b@2s ~ c@3s'), silence(days(1))],
      view: ({ value, status }) => `${value} ${status}`,
      expect: ['2 provisional', '3 provisional', '3 final'],
    })
  })

  test('begins after a history, with values', async () => {
    const behavior: Behavior<Letter, string> = (letters, actor) => {
      const prefix = actor.value<string>('prefix')
      return letters.pipe(
        actor.durable('joined', joined),
        map((all) => `${actor.key}: ${prefix.current}${all}`),
      )
    }
    await verifyBehavior(behavior, {
      history: events('a@1s b@2s'),
      given: timeline('c@3s'),
      key: 'k',
      values: { prefix: '>' },
      expect: ['k: >abc'],
    })
  })

  test('waits for the answers of lookups', async () => {
    const behavior: Behavior<Letter, string> = (letters, actor) =>
      letters.pipe(
        actor.lookup('upper', {
          ask: async ({ value }: Letter) => value.toUpperCase(),
          join: ({ time }, answer) => at(time, answer),
        }),
        actor.durable('joined', joined),
      )
    await verifyBehavior(behavior, { given: timeline('a@1s b@2s'), expect: ['A', 'AB'] })
  })

  test('refuses a case that cannot be run', async () => {
    expect(await message(verifyBehavior(inOrder, { given: timeline('a@1s ^9s') }))).toContain(
      'a behavior moves its watermark itself',
    )
    expect(
      await message(
        verifyBehavior(inOrder, { given: timeline('b@9s a@1s'), orders: { within: seconds(5) } }),
      ),
    ).toMatch(/comes 8s behind one of \d+, and orders.within is 5s/)
  })
})
