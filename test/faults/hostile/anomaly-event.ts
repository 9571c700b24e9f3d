/** A CloudEvent with this `data`, as text. */
export const eventOf = (data: unknown): string =>
  JSON.stringify({ specversion: '1.0', id: 'a', source: '/b', type: 'c', data })

/** What `tidemark start` prints as an anomaly of press-7. */
export const anomaly = {
  ...{ device: 'press-7', metric: 'temperature', phase: 'opened', status: 'confirmed', detector: 'reading' },
  ...{ time: 1_767_604_364_000, since: 1_767_604_364_000, value: 84.31, score: 18.44 },
  baseline: { mean: 71.4, standardDeviation: 0.7, count: 1_800 },
  window: { start: 1_767_604_364_000, end: 1_767_604_364_000 },
}
