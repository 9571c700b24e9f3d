import { readFileSync } from 'node:fs'

/** From the package's own description, one folder above the sources, two or three above what is built. */
export const version = (): string => {
  for (const path of ['../package.json', '../../package.json', '../../../package.json']) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (name === 'tidemark') return found
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}
