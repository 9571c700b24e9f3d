import { existsSync } from 'node:fs'
import type { Reading } from '../../../devices/wire/reading.ts'
import { readFile } from '../../../simulators/recordings/read-file.ts'

/** Machine temperature of the Numenta Anomaly Benchmark, where a copy lies beside the project folder. */
export const nabFile = '../shared/data/nab/data/realKnownCause/machine_temperature_system_failure.csv'

/** Undefined when there is no copy. */
export const nabRecording = async (file = nabFile): Promise<Reading[] | undefined> => {
  if (!existsSync(file)) return undefined
  const readings: Reading[] = []
  for await (const line of readFile(file, { now: Date.UTC(2026, 0, 1) })) readings.push(...line.readings)
  return readings
}
