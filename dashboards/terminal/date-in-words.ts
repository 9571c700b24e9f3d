const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** The local date, `9 May 2010`, of epoch milliseconds; `no date` for a number that is no time. */
export const dateInWords = (time: number): string =>
  Number.isNaN(new Date(time).getTime()) ? 'no date' : format.format(time)
