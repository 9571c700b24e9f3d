import { StoreInUse } from '../lib/state/environment/writer-lock.ts'

/** What the command says when it fails. A defect of its own shows where it is. */
export const failureInWords = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof StoreInUse) {
    return (
      `a tidemark runs on this data folder already, process ${error.pid}: stop it with Ctrl-C there, where it ` +
      'finishes what it has taken, or name another folder with --data'
    )
  }
  const isDefect = error instanceof TypeError || error instanceof ReferenceError
  return (isDefect && error.stack) || error.message
}
