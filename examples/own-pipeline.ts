import { openBroker } from '../devices/index.ts'
import { actors, lmdbStore, toSink } from '../lib/index.ts'

const store = lmdbStore('./jumps')
const broker = await openBroker({ port: 1884 })
broker.readings
  .pipe(
    actors({
      store,
      key: ({ device, metric }) => `${device}/${metric}`,
      behavior: (readings, actor) =>
        readings.pipe(
          actor.durable('jump', {
            create: () => ({ last: Number.NaN }),
            onEvent(state, { value }, out) {
              if (Math.abs(value - state.last) > 5) out.emit(`jumped from ${state.last} to ${value}`)
              state.last = value
            },
          }),
        ),
    }),
    toSink({ name: 'console', deliver: async (jumps) => console.log(jumps) }, { store }),
  )
  .subscribe()
console.log(`listening on port ${broker.address.port}`)
