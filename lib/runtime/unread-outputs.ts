import type { Graph } from './graph.ts'
import { partText } from './port.ts'

/** A line for each output of the graph that is dropped, because nothing reads it. */
export function unreadOutputs({ sources, stages, rejected }: Graph): readonly string[] {
  const unread = [...sources, ...stages].filter(({ ports }) => ports.main.connections.length === 0)
  const lines = unread.map(({ part }) => `Nothing reads the outputs of ${partText(part)}`)
  if (rejected.connections.length > 0) return lines
  return [
    ...lines,
    'Nothing reads app.rejected, so that late and dead values are dropped: give it a sink of its own',
  ]
}
