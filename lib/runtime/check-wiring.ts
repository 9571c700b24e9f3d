import { checkName } from '../time/check-key.ts'
import type { Clock } from '../time/clock.ts'
import type { DeclaredStep } from './declared-steps.ts'
import type { Graph } from './graph.ts'
import type { GraphStream } from './graph-stream.ts'
import { type Part, partText } from './port.ts'
import type { Route } from './route.ts'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Throws unless `part` can be added to the graph. */
export function checkPart(graph: Graph, part: Part, others: readonly { readonly part: Part }[]): void {
  const { kind, name } = part
  checkName(kind, name)
  if (graph.isRun) {
    throw new Error(`${capital(partText(part))} is declared after app.run(): declare the whole graph first`)
  }
  if (others.some((other) => other.part.name === name)) {
    throw new Error(`Two ${kind}s are named "${name}": give each a unique name`)
  }
}

/** Throws unless `part` can read `stream`. */
export function checkInput(graph: Graph, part: Part, stream: GraphStream<unknown>): void {
  const reader = capital(partText(part))
  const read = new Set<unknown>()
  for (const { port } of stream.routes) {
    const from = port.part
    if (port.graph !== graph) {
      const what = from ? partText(from) : 'app.rejected'
      throw new Error(`${reader} reads ${what} of another graph: declare both with the same tidemark()`)
    }
    if (!from && part.kind === 'stage') {
      throw new Error(
        `${reader} reads app.rejected, which includes what it rejects itself: ` +
          'read .side(late) or .side(dead) of other stages',
      )
    }
    if (read.has(port)) {
      throw new Error(
        `${reader} receives ${outputsText(from, port.tag)} twice through merge: ` +
          'merge streams of different stages, or put the condition in one map',
      )
    }
    read.add(port)
  }
}

/** The clock of all routes. Throws when they have different ones. */
export function clockOf(part: Part, routes: readonly Route[]): Clock | undefined {
  const [first, ...others] = routes
  const clock = first?.port.clock
  const other = others.find(({ port }) => port.clock !== clock)
  if (other) {
    throw new Error(
      `${capital(partText(part))} reads ${textOf(first)} and ${textOf(other)}, which have different clocks: ` +
        'give both the same actorClock(…)',
    )
  }
  return clock
}

/** Throws when a step has timers in event time, and no clock moves that. */
export function checkSteps(part: Part, steps: readonly DeclaredStep[], routes: readonly Route[]): void {
  const step = steps.find(({ needsClock }) => needsClock)
  if (!step) return
  const from = routes.find(({ port }) => port.clock === undefined)?.port.part
  const remedy =
    from?.kind === 'stage'
      ? `${partText(from)} gives its outputs no clock: give it outputClock: actorClock(…)`
      : `${from ? partText(from) : 'its input'} has no clock: give it clock: actorClock(…)`
  throw new Error(`Step "${step.name}" of ${partText(part)} depends on event time, but ${remedy}`)
}

const textOf = (route: Route | undefined): string =>
  route?.port.part ? partText(route.port.part) : 'app.rejected'

const outputsText = (part: Part | undefined, tag: string): string => {
  if (!part) return 'app.rejected'
  return tag === '' ? `the outputs of ${partText(part)}` : `side output "${tag}" of ${partText(part)}`
}
