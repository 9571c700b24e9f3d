/** How many files and sockets this process may have open at a time, Infinity where that is not known. */
export const openFilesLimit = (): number => {
  // Without it, the report asks for the names of all addresses that this process is connected to.
  const report = Object.assign(process.report, { excludeNetwork: true })
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const limit = userLimits?.open_files?.soft
  return typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY
}
