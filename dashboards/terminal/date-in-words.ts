const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** The local date: `9 May 2010`. */
export const dateInWords = (time: number): string => format.format(time)
