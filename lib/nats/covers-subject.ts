/** Whether whatever is published to `narrow` goes to `wide` as well. Both may hold `*` and end in `>`. */
export const coversSubject = (wide: string, narrow: string): boolean => {
  const asked = narrow.split('.')
  const given = wide.split('.')
  for (const [at, token] of given.entries()) {
    const own = asked[at]
    if (own === undefined) return false
    if (token === '>') return true
    if (own === '>' || (token !== '*' && token !== own)) return false
  }
  return given.length === asked.length
}
