import { filesIn, readText } from './source-files.ts'

/** A block of code that a document shows. */
export interface ShownProgram {
  /** Document and line, such as `docs/testing.md:11`. */
  readonly place: string
  readonly code: string
  /** Why it does not stand by itself, from the comment `<!-- fragment: ... -->` above it. */
  readonly fragment: string | undefined
}

/** The programs in `language` of the README and of all pages. */
export const shownPrograms = (language: string): ShownProgram[] =>
  ['README.md', ...filesIn('docs', '.md')].flatMap((path) => programsOn(path, readText(path), language))

const programsOn = (path: string, text: string, language: string): ShownProgram[] => {
  const block = new RegExp(`(?:<!-- fragment: (.+) -->\\n+)?^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...text.matchAll(block)].map(({ index, 0: all, 1: fragment, 2: code }) => {
    const line = text.slice(0, index + all.indexOf('```')).split('\n').length
    return { place: `${path}:${line}`, code: code!, fragment }
  })
}
