/** The part of qlobber that is used here; the package has no types of its own. */
declare module 'qlobber' {
  export class Qlobber<Value> {
    constructor(options?: {
      readonly separator?: string
      readonly wildcard_one?: string
      readonly wildcard_some?: string
      readonly match_empty_levels?: boolean
      readonly max_words?: number
    })
    add(filter: string, value: Value): this
    remove(filter: string, value: Value): this
    /** The values of all filters that match, with duplicates. */
    match(topic: string): Value[]
  }
}
