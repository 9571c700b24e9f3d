/** `45 s`, `12 min`, `3 h 20 min`. */
export const lengthInWords = (lengthMs: number): string => {
  const seconds = Math.round(lengthMs / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
