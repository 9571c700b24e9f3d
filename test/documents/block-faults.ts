import { markNames, type ShownBlock } from './shown-block.ts'

const isProgram = ({ language }: ShownBlock): boolean => language === 'ts'
const isCommands = ({ language }: ShownBlock): boolean => language === 'sh'
const isLeftOut = ({ marks }: ShownBlock): boolean => marks.has('not run')

/** A whole program that is run where it stands, by itself. */
export const isWholeProgram = (block: ShownBlock): boolean =>
  isProgram(block) && !['file', 'example', 'not run'].some((name) => block.marks.has(name))

/** Output, and the block that prints it: the program or commands above it on the page. */
export interface ShownOutput {
  readonly output: ShownBlock
  readonly printedBy: ShownBlock | undefined
}

export const shownOutputs = (blocks: readonly ShownBlock[]): ShownOutput[] => {
  let printedBy: ShownBlock | undefined
  const outputs: ShownOutput[] = []
  for (const block of blocks) {
    if (isProgram(block) || isCommands(block)) printedBy = isLeftOut(block) ? undefined : block
    else if (!isLeftOut(block)) outputs.push({ output: block, printedBy })
  }
  return outputs
}

const leaveOut =
  'or put <!-- not run: why, and the file of the repository that proves it instead --> above it'

/** What keeps the blocks of one page from being run, each with what to do about it. */
export const blockFaults = (
  blocks: readonly ShownBlock[],
  { isThere }: { readonly isThere: (path: string) => boolean },
): string[] => {
  const fault = ({ place }: ShownBlock, words: string): string => `${place}: ${words}`
  const known: readonly string[] = markNames
  const faults = blocks.flatMap((block) => {
    const { language, marks } = block
    const unknown = [...marks.keys()].filter((name) => !known.includes(name))
    if (unknown.length > 0) {
      return [fault(block, `there is no mark "${unknown[0]}"; there are ${markNames.join(', ')}`)]
    }
    if (language === 'indented') {
      return [fault(block, 'an indented block has no language: put it between fences, ```text for output')]
    }
    const reason = marks.get('not run')
    if (reason !== undefined && !(reason.match(/[\w.-]+(\/[\w.-]+)+|\w+\.\w+/g) ?? []).some(isThere)) {
      return [fault(block, 'say behind "not run:" also where it is proven: the path of a test, for example')]
    }
    const example = marks.get('example')
    if (example !== undefined && !isThere(example.replace('.ts', '.test.ts'))) {
      return [fault(block, `${example} has no test beside it that runs it`)]
    }
    if (language === 'js') return [fault(block, 'write programs as ```ts, so that they are checked, too')]
    return []
  })
  for (const { output, printedBy } of shownOutputs(blocks)) {
    if (['indented', 'js'].includes(output.language) || printedBy !== undefined) continue
    const words = `nothing above prints this: show the \`\`\`sh or \`\`\`ts block that does, ${leaveOut}`
    faults.push(fault(output, words))
  }
  return faults
}
