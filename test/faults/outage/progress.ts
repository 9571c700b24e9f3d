/** What the pipeline's process says of itself. */
export interface PipelineProgress {
  /** Readings handed to the pipeline, numbered from 1. */
  written: number
  /** Rows that the stream has confirmed, in order. */
  published: number
  anonymousMegabytes: number
  readonly reports: string[]
  /** Commands `show` that this answers. */
  shown: number
}

/** `show` asks for progress as it is once the command has arrived. */
export type PipelineCommand = 'pause' | 'resume' | 'show' | 'finish'
