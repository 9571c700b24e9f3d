/** What the pipeline's process says of itself. */
export interface PipelineProgress {
  /** Readings handed to the pipeline, numbered from 1. */
  written: number
  /** Rows that the stream has confirmed, in order. */
  published: number
  anonymousMegabytes: number
  readonly reports: string[]
}

export type PipelineCommand = 'pause' | 'resume' | 'finish'
