/** How one metric of a healthy machine behaves. All shares are in units of `noise`. */
export interface Metric {
  readonly name: string
  readonly unit: string
  /** Mean over all machines, and how far single machines differ from it. */
  readonly level: number
  readonly spread: number
  /** Standard deviation of the sensor's own noise. */
  readonly noise: number
  /** Correlation of the noise with that of one second before. */
  readonly memory: number
  /** How much a load one standard deviation above usual adds. */
  readonly load: number
  /** Seconds for the load to show: a casting warms slowly, a motor draws current at once. */
  readonly lag: number
  /** Height of the daily cycle, half of peak to peak. */
  readonly daily: number
  /** Decimal digits the sensor transmits. */
  readonly digits: number
  /** What the converter reports when the sensor's wire is cut. */
  readonly floor: number
}

/** What every machine of the simulated plant measures, in the order of a publish's values. */
export const metrics: readonly Metric[] = [
  {
    name: 'temperature',
    unit: '°C',
    level: 62,
    spread: 6,
    noise: 0.4,
    memory: 0.8,
    load: 0.7,
    lag: 180,
    daily: 1.5,
    digits: 2,
    floor: 0,
  },
  {
    name: 'pressure',
    unit: 'bar',
    level: 6.2,
    spread: 0.4,
    noise: 0.05,
    memory: 0.6,
    load: -0.5,
    lag: 5,
    daily: 0,
    digits: 3,
    floor: 0,
  },
  {
    name: 'vibration',
    unit: 'mm/s',
    level: 2.8,
    spread: 0.4,
    noise: 0.15,
    memory: 0.2,
    load: 0.6,
    lag: 0,
    daily: 0,
    digits: 3,
    floor: 0,
  },
  {
    name: 'power',
    unit: 'kW',
    level: 24,
    spread: 4,
    noise: 0.5,
    memory: 0.3,
    load: 0.8,
    lag: 0,
    daily: 0.3,
    digits: 2,
    floor: 0,
  },
]
