import { sensorNames } from '../../../bench/engine/samples.ts'
import { guestPrefix } from './poisoned-behavior.ts'

/** One in a hundred devices is a guest. */
export const devicesPerGuest = 100

/** Names of all devices while the guests of group number `group` are there. */
export const namesWith = (devices: number, group: number): string[] =>
  sensorNames(devices).map((name, number) =>
    number % devicesPerGuest === devicesPerGuest - 1 ? `${guestPrefix}${group}-${name}` : name,
  )

export const isGuest = (name: string): boolean => name.startsWith(guestPrefix)
