import { seconds } from '../../lib/time/duration.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import { drivePlant } from '../../simulators/drive-plant.ts'
import { plant } from '../../simulators/plant.ts'

// `URL HISTORY_SECONDS [burst]`: the plant of `tidemark simulate`, healthy, until its parent is gone. Says
// how far it has got four times a second.
const [url = '', history = '0', burst] = process.argv.slice(2)
const ended = new AbortController()
process.on('disconnect', () => ended.abort())
await drivePlant(
  plant({
    start: systemClock.now() - seconds(Number(history)),
    lineName: 'sim-line',
    faultEvery: Number.POSITIVE_INFINITY,
    outageEvery: Number.POSITIVE_INFINITY,
    badClockEvery: Number.POSITIVE_INFINITY,
    burst: burst === 'burst',
  }),
  {
    url,
    clock: systemClock,
    signal: ended.signal,
    progressEvery: seconds(0.25),
    onProgress: (progress) => process.connected && process.send?.(progress),
  },
)
process.exit()
