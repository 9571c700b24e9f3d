import type { Format } from '../../../devices/formats/format.ts'

/**
 * The same format with a kind of its own for every fault, so that no dead letter stands for several
 * publishes: how many it stands for depends on when the process was killed.
 */
export const eachFaultOfItsOwn = (format: Format): Format => ({
  on(topic) {
    const reader = format.on(topic)
    return {
      read(payload, arrival) {
        const { readings, faults } = reader.read(payload, arrival)
        return { readings, faults: faults.map(({ message }) => ({ kind: message, message })) }
      },
    }
  },
})
