/** An example as it stands in a project that has the package. */
export const asInstalled = (text: string): string =>
  text.replace("'../lib/index.ts'", "'tidemark'").replace("'../devices/index.ts'", "'tidemark/devices'")
