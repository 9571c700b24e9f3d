import type { Duration } from '../../lib/time/duration.ts'

/** What the columns of a recorded file, or the fields of its objects, mean. What is left out is guessed. */
export interface RecordingColumns {
  /** The column that says when. */
  readonly time?: string
  /** No column says when: the lines of a device are this far apart, the first at `start`. */
  readonly every?: Duration
  /** Epoch milliseconds of the first line with `every`. 2020-01-01 unless given. */
  readonly start?: number
  /** The column that says which device. */
  readonly device?: string
  /** All is of this device. Without it and without a column the device is named after the file. */
  readonly deviceName?: string
  /** The column that says which metric, for files with one value a line. */
  readonly metric?: string
  /** The columns with values. */
  readonly values?: readonly string[]
}

/** The columns of one file, found. */
export interface FoundColumns {
  readonly time: string | undefined
  readonly device: string | undefined
  readonly metric: string | undefined
  /** Undefined for all that are left. */
  readonly values: readonly string[] | undefined
}

/**
 * Finds out what the columns called `names` mean: as `given`, else by names that are usual.
 * @throws Error in words when a given column is not there, or none looks like a time.
 */
export function findColumns(names: readonly string[], given: RecordingColumns): FoundColumns {
  const there = `it has ${names.map((name) => JSON.stringify(name)).join(', ')}`
  const named = (option: string, name: string): string => {
    if (names.includes(name)) return name
    throw new Error(`--${option} ${JSON.stringify(name)} is no column: ${there}`)
  }
  const usual = (words: RegExp): string | undefined => names.find((name) => words.test(name.trim()))

  const time = given.time === undefined ? undefined : named('time', given.time)
  const found = time ?? (given.every === undefined ? usual(timeNames) : undefined)
  if (found === undefined && given.every === undefined)
    throw new Error(
      `no column looks like a time: ${there}; name one with --time, or say with --every how far apart lines are`,
    )
  const device =
    given.device !== undefined
      ? named('device', given.device)
      : given.deviceName === undefined
        ? usual(deviceNames)
        : undefined
  const values = given.values?.map((name) => named('values', name))
  if (given.metric === undefined && values) return { time: found, device, metric: undefined, values }
  const value = usual(valueNames)
  const metric = given.metric === undefined ? value && usual(metricNames) : named('metric', given.metric)
  if (metric === undefined) return { time: found, device, metric, values: undefined }
  if (values?.length === 1 || (!values && value))
    return { time: found, device, metric, values: values ?? [value!] }
  throw new Error(
    `with a metric column there is one column of values, but which? Name it with --values: ${there}`,
  )
}

/** Whether a column is often called so, or was named by whoever gave the file. */
export const isColumnName = (
  name: string,
  { time, device, metric, values = [] }: RecordingColumns,
): boolean =>
  [time, device, metric, ...values].includes(name) ||
  [timeNames, deviceNames, metricNames, valueNames].some((words) => words.test(name.trim()))

const timeNames = /^(_?time|time_?stamp|ts|date|date_?time|epoch|utc|time_?utc)$/i
const deviceNames =
  /^(device|device_?(id|name)|sensor|sensor_?(id|name)|machine|machine_?id|mote|mote_?id|node_?id|station|host)$/i
const metricNames = /^(metric|measurement|channel|tag|variable|parameter|quantity)$/i
const valueNames = /^(value|reading|measured|_value)$/i
