import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is a file system of its own, in memory, for tests that fill it up. */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidemark-disk-'))
  /** Whether it could be mounted, which needs the rights of root; else `folder` is on a large disk. */
  readonly isMounted: boolean

  constructor(bytes: number) {
    const options = ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.folder]
    this.isMounted = spawnSync('mount', options).status === 0
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize
  }

  /** Leaves `freeBytes` free. */
  fill(freeBytes: number): void {
    writeFileSync(this.ballast, Buffer.alloc(Math.max(0, this.freeBytes - freeBytes)))
  }

  /** Frees what was filled. */
  clear(): void {
    rmSync(this.ballast, { force: true })
  }

  remove(): void {
    if (this.isMounted) spawnSync('umount', [this.folder])
    rmSync(this.folder, { recursive: true, force: true })
  }

  private get ballast(): string {
    return join(this.folder, 'ballast')
  }
}
