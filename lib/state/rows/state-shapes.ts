import { Packr } from 'msgpackr'
import { decode, encode } from './codec.ts'
import { StoreDamaged } from './frame.ts'

/** The note that holds the table. It goes with the first commit whose rows need what is new in it. */
export const shapesNote = 'state shapes'

/** Shapes a store holds at the most. Objects of further ones name their fields in every row. */
const mostShapes = 256
/** A shape with more fields, or longer names, is a map in disguise: the next object has others. */
const mostFields = 64
const mostCharacters = 1_024

type Shape = string[]

/** The few shapes that objects of saved states have, in a table, so that rows need not name their fields. */
export class StateShapes {
  private readonly load: () => Uint8Array | undefined
  private packr!: Packr
  private shapes: readonly Shape[] = []
  private durable = 0

  /** @param load Reads the note as it is by now; it only grows. */
  constructor(load: () => Uint8Array | undefined = () => undefined) {
    this.load = load
    this.reload()
  }

  /** How many there are. A row can be decoded by whoever knows as many. */
  get count(): number {
    return this.shapes.length
  }

  /** The note to be written, undefined while the store has all of it. */
  get unsaved(): { readonly count: number; readonly bytes: Uint8Array } | undefined {
    return this.durable === this.count ? undefined : { count: this.count, bytes: encode(this.shapes) }
  }

  /** The first `count` are flushed. */
  saved(count: number): void {
    this.durable = count
  }

  encode(value: unknown): Uint8Array {
    return this.packr.pack(value)
  }

  /** Throws `StoreDamaged` when the store does not have the `count` shapes that there were by then. */
  decode<T>(bytes: Uint8Array, count: number): T {
    if (count > this.count) this.reload()
    if (count > this.count) {
      throw new StoreDamaged(
        `The note "${shapesNote}" has ${this.count} shapes, and a state was saved with ${count}. Restore the ` +
          'data folder from a backup, or move it away to begin with an empty store.',
      )
    }
    return this.packr.unpack(bytes) as T
  }

  private reload(): void {
    const note = this.load()
    if (this.packr && !note) return
    this.shapes = note ? decode<Shape[]>(note) : []
    this.durable = this.count
    this.packr = new Packr({
      useRecords: true,
      moreTypes: true,
      maxSharedStructures: mostShapes,
      shouldShareStructure: (names) =>
        names.length <= mostFields && names.reduce((sum, name) => sum + name.length, 0) <= mostCharacters,
      getStructures: () => this.shapes.map((names) => [...names]),
      saveStructures: (shapes) => {
        this.shapes = (shapes as Shape[]).slice(0, mostShapes).map((names) => [...names])
      },
    })
  }
}
