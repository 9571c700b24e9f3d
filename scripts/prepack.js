// npm pack and npm publish: makes dist anew when a source has changed, so that nothing stale is packed.
import { build } from './build.js'

await build()
