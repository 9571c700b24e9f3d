import type { HostileFault, Proof, ProofOptions } from './fault.ts'

/** Whether tidemark survives each kind of fault, by id, and whether it survives all. */
export type HostileReport = { readonly holds: boolean } & Readonly<Record<string, boolean>>

/** Proves one fault after the other. A proof that throws does not hold, and the others still run. */
export const proveFaults = async (
  faults: readonly HostileFault[],
  options: ProofOptions,
): Promise<HostileReport> => {
  const held = new Map<string, boolean>()
  for (const fault of faults) {
    options.progress(`${fault.id}: ${fault.what}`)
    const { holds, ...figures } = await proofOf(fault, options)
    options.progress(`${fault.id} ${holds ? 'holds' : 'DOES NOT HOLD'} ${JSON.stringify(figures)}`)
    held.set(fault.id, holds && (held.get(fault.id) ?? true))
  }
  const inOrder = [...held].sort(([one], [other]) => Number(one.slice(1)) - Number(other.slice(1)))
  return { ...Object.fromEntries(inOrder), holds: [...held.values()].every(Boolean) }
}

const proofOf = (fault: HostileFault, options: ProofOptions): Promise<Proof> =>
  fault.prove(options).catch((error: unknown) => ({
    holds: false,
    error: error instanceof Error ? error.stack : String(error),
  }))
