/** One line to the person who waits. On stderr, so that stdout stays what the command itself prints. */
export const say = (line) => process.stderr.write(`tidemark: ${line}\n`)

/** Says what is wrong and what to do about it, and ends the process once that is read. */
export const refuse = async (...lines) => {
  for (const line of lines) say(line)
  await new Promise((resolve) => process.stderr.write('', resolve))
  process.exit(1)
}
