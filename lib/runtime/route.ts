import type { Port } from './port.ts'

/** A `map` or a `filter` of a stream. */
export type RouteStep =
  | { readonly project: (value: unknown) => unknown }
  | { readonly keep: (value: unknown) => boolean }

/** How the outputs of one port get to a reader. */
export interface Route {
  readonly port: Port
  readonly steps: readonly RouteStep[]
}

/** What `follow` returns for a value that a filter leaves out. */
export const leftOut = Symbol('left out')

/** Takes a value through all steps. Throws what a step throws. */
export function follow(steps: readonly RouteStep[], value: unknown): unknown {
  let current = value
  for (const step of steps) {
    if ('project' in step) current = step.project(current)
    else if (!step.keep(current)) return leftOut
  }
  return current
}
