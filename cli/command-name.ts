const { npm_lifecycle_event: event, npm_lifecycle_script: script = '' } = process.env

/** How the command is called here, for advice that can be typed as it stands: a clone has it through npm. */
export const commandName =
  event === 'start' || (event === 'npx' && script.replace(/^['"]/, '').startsWith('tidemark'))
    ? 'npx tidemark'
    : 'tidemark'
