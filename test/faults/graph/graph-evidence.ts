import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SavedStates, savedStates } from '../crash/saved-states.ts'
import { graphSinks, graphStages } from './graph-stages.ts'

/** What a graph left behind when it had ended. */
export interface GraphEvidence extends SavedStates {
  /** Of each sink the ids that were delivered, and with which contents. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
}

export const gatherEvidence = async (folder: string): Promise<GraphEvidence> => {
  const saved = await savedStates(join(folder, 'store'), graphStages)
  return { ...saved, outputs: new Map(graphSinks.map((sink) => [sink, outputsOf(folder, sink)])) }
}

const outputsOf = (folder: string, sink: string): Map<string, Set<string>> => {
  const outputs = new Map<string, Set<string>>()
  const path = join(folder, `${sink}.lines`)
  if (!existsSync(path)) return outputs
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = parse(line)
    if (!parsed) continue
    const [id, value] = parsed
    const contents = outputs.get(id) ?? new Set()
    outputs.set(id, contents.add(JSON.stringify(value)))
  }
  return outputs
}

/** A line that a kill has torn was not taken: its output comes again. */
const parse = (line: string): [string, unknown] | undefined => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
