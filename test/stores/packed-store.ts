import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

/** Files that belong to the process that has a store open, not to the store. */
const locks = ['lock.mdb', 'writer.lock']

/** Packs the files of the store in folder `path` into one file. */
export const packStore = (path: string, file: string): void => {
  const files = readdirSync(path)
    .filter((name) => !locks.includes(name))
    .map((name) => [name, readFileSync(join(path, name)).toString('base64')])
  writeFileSync(file, gzipSync(JSON.stringify(files), { level: 9 }))
}

/** Puts what `packStore` made of a store into the new folder `path`. */
export const unpackStore = (file: string, path: string): void => {
  mkdirSync(path)
  const files = JSON.parse(gunzipSync(readFileSync(file)).toString()) as [name: string, content: string][]
  for (const [name, content] of files) writeFileSync(join(path, name), Buffer.from(content, 'base64'))
}
