import type { Stage } from '../actors/stage.ts'
import type { Timed } from '../time/timed.ts'
import type { OutputReader } from './port.ts'
import { follow, leftOut, type RouteStep } from './route.ts'

/** A stage as a reader: each value is a turn in the commit of its cause. */
export class StageReader implements OutputReader {
  readonly needsId = false
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  read(steps: readonly RouteStep[], value: unknown, arrival: number): void {
    let event: unknown
    try {
      event = follow(steps, value)
    } catch (error) {
      this.stage.reject(
        value,
        arrival,
        `a map or filter in front of stage "${this.stage.name}" threw: ${error}`,
      )
      return
    }
    if (event !== leftOut) this.stage.take(event as Timed, arrival)
  }

  end(): void {
    this.stage.makeRoom()
  }
}
