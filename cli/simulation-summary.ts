import { faultKinds } from '../simulators/fault.ts'
import type { FaultScore } from '../simulators/score-faults.ts'

export interface SimulationResult {
  readonly sensors: number
  readonly publishes: number
  readonly readings: number
  readonly acknowledged: number
  readonly reconnects: number
  /** Without one, nobody was watched catching the faults. */
  readonly score: FaultScore | undefined
}

/** The end of a simulation, for a person. */
export const simulationSummary = ({
  sensors,
  publishes,
  readings,
  acknowledged,
  score,
}: SimulationResult): string => {
  const sent = `${sensors} sensors: ${readings} readings in ${publishes} publishes, ${acknowledged} acknowledged`
  if (!score) return `${sent}\nfaults were not scored: name the NATS server with --nats to do so`
  const { faults, caught, falseAlarms, falseAlarmsPerMinute, byKind } = score
  const speed = `half of them within ${inSeconds(score.medianSecondsToCatch)}, nine in ten within ${inSeconds(score.ninetiethPercentileSecondsToCatch)}`
  return [
    sent,
    faults === 0
      ? 'no fault has lasted long enough to be judged'
      : `${caught} of ${faults} faults caught (${(100 * score.caughtRatio).toFixed(1)} %), ${speed}`,
    ...faultKinds
      .filter((kind) => byKind[kind].faults > 0)
      .map((kind) => `  ${kind.padEnd(8)} ${byKind[kind].caught} of ${byKind[kind].faults}`),
    `${falseAlarms} false alarms, ${falseAlarmsPerMinute.toFixed(2)} a minute`,
  ].join('\n')
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`
