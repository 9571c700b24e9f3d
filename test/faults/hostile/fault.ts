/** One kind of fault that a hostile or broken neighbor can cause, and the proof that tidemark survives it. */
export interface HostileFault {
  /** As `test:hostile` reports it; of several faults with the same id, all must hold. */
  readonly id: string
  /** One plain sentence. */
  readonly what: string
  /**
   * Causes the fault to a real process and checks what has to hold. What it returns beside `holds` are the
   * figures that show it.
   */
  prove(options: ProofOptions): Promise<Proof>
}

export interface ProofOptions {
  /** `small` takes about five seconds at the most and runs with `npm test`; `whole` up to a minute. */
  readonly scale: 'small' | 'whole'
  readonly progress: (line: string) => void
}

export type Proof = { readonly holds: boolean } & Readonly<Record<string, unknown>>
