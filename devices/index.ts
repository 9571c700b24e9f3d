// The public names of the application: watching devices that publish over MQTT.

// Everything at once

export type { KnownDevice, KnownMetric } from './known-device.ts'
export { knownDevices } from './known-devices.ts'
export { type WatchDevicesOptions, watchDevices } from './watch-devices.ts'

// Broker

export type { BrokerCounts } from './broker/broker-counts.ts'
export { type BrokerLimits, brokerLimits } from './broker/limits.ts'
export { type Broker, type BrokerOptions, openBroker } from './broker/open-broker.ts'
export type { Refusal, RefusalKind } from './broker/refusals.ts'
export { reportRefusals } from './broker/report-refusals.ts'

// Formats: payloads to readings

export type { Fault, Format, Interpretation, TopicReader } from './formats/format.ts'
export { type JsonOptions, json } from './formats/json.ts'
export { type JsonLimits, jsonLimits } from './formats/json-limits.ts'
export { plainNumber } from './formats/plain-number.ts'
export { type Route, type TopicTemplate, topicTemplate } from './formats/topic-template.ts'

// Detection

export { reportAbsence } from './behaviors/report-absence.ts'
export { deviceClock, metricDetectors, watchDevice } from './behaviors/watch-device.ts'
export { type WatchDeviceOptions, watchDeviceWith } from './behaviors/watch-device-with.ts'
export { anomalyOf, type Finding } from './detectors/finding.ts'
export { minuteDetectors } from './detectors/minute-detectors.ts'
export { readingDetector, readingDetectorWith } from './detectors/reading-detector.ts'

// On the wire

export type { DeviceAbsence } from './wire/absence.ts'
export { absenceSubject, absenceSubjects } from './wire/absence-subject.ts'
export type { Anomaly } from './wire/anomaly.ts'
export { anomalySubject, anomalySubjects } from './wire/anomaly-subject.ts'
export type { DeadLetter } from './wire/dead-letter.ts'
export { absenceEventTypes, anomalyEventTypes, asideEventTypes } from './wire/event-types.ts'
export type { Reading } from './wire/reading.ts'
export { readingTopic, readingTopics } from './wire/reading-topic.ts'
export { timestamp } from './wire/timestamp.ts'
