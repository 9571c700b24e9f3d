import { Observable } from 'rxjs'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { type AbsenceOptions, absence } from '../../lib/processors/absence.ts'
import type { DeviceAbsence } from '../wire/absence.ts'
import type { Reading } from '../wire/reading.ts'

/**
 * Adds to `behavior` that a device which has fallen silent is reported, and that it is back. The silence is
 * noticed after the `idleAfter` of the `actors` that run it.
 */
export const reportAbsence = <Out>(
  behavior: Behavior<Reading, Out>,
  options?: AbsenceOptions,
): Behavior<Reading, Out | DeviceAbsence> => {
  const presence = absence<Reading>(options)
  return (readings, actor) => {
    const { key: device } = actor
    const absences = readings.pipe(actor.durable('presence', presence))
    const findings = behavior(readings, actor)
    // What `merge` does, with one subscriber for each device instead of four: they are most of what it costs.
    return new Observable((output) => {
      output.add(absences.subscribe(({ phase, time, since }) => output.next({ device, phase, time, since })))
      output.add(findings.subscribe(output))
    })
  }
}
