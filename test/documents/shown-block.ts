/** What a comment above a block, `<!-- name: text -->`, may say about it. CONTRIBUTING.md explains each. */
export const markNames = ['file', 'example', 'not run', 'given', 'until', 'stays', 'like'] as const

/** A block of code, commands or output that a page shows. */
export interface ShownBlock {
  readonly page: string
  /** Page and line, such as `docs/testing.md:11`. */
  readonly place: string
  /** What stands behind the fence, such as `ts`; `indented` for a block without one. */
  readonly language: string
  readonly code: string
  /** By name, as written: also names that there are not. */
  readonly marks: ReadonlyMap<string, string>
}

/** All blocks of a page, in order, with the marks above them. */
export const shownBlocks = (page: string, text: string): ShownBlock[] => {
  const lines = text.split('\n')
  const blocks: ShownBlock[] = []
  let marks = new Map<string, string>()
  let isInList = false
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!
    const place = `${page}:${index + 1}`
    const fence = /^\s*```(\w*)/.exec(line)
    if (fence) {
      const end = lines.findIndex((each, at) => at > index && each.trim() === '```')
      if (end === -1) throw new Error(`${place}: the block does not end; close it with three backticks`)
      const code = lines.slice(index + 1, end).join('\n')
      blocks.push({ page, place, language: fence[1]!, code: `${code}\n`, marks })
      marks = new Map()
      index = end
    } else if (line.startsWith('<!-- ')) {
      const end = lines.findIndex((each, at) => at >= index && each.includes('-->'))
      if (end === -1) throw new Error(`${place}: the comment does not end; close it with -->`)
      const comment = lines.slice(index, end + 1).join('\n')
      const [, name, words] = /^<!-- ([a-z ]+):\s+([\s\S]*?)\s*-->/.exec(comment) ?? []
      if (name !== undefined) marks.set(name, words!)
      index = end
    } else if (/^ {4}/.test(line) && lines[index - 1] === '' && !isInList) {
      const after = lines.findIndex((each, at) => at > index && each !== '' && !each.startsWith('    '))
      const code = lines.slice(index, after === -1 ? undefined : after).join('\n')
      blocks.push({ page, place, language: 'indented', code, marks })
      index = (after === -1 ? lines.length : after) - 1
    } else if (line !== '') {
      marks = new Map()
      if (!line.startsWith(' ')) isInList = /^([-*]|\d+\.) /.test(line)
    }
  }
  return blocks
}
