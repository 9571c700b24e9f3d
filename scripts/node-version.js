import { refuse } from './say.js'

const oldest = [20, 19]

/** Refuses a Node that cannot run tidemark, before anything else can fail in a less readable way. */
export const checkNodeVersion = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  await refuse(
    `this is Node ${process.versions.node}, and tidemark needs Node ${oldest.join('.')} or later.`,
    'Install a current one from https://nodejs.org, or with a version manager: nvm install 22',
  )
}
