/** Bytes as a person reads them: `412 kB`, `38.2 MB`. */
export const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toLocaleString('en-US', oneDigit)} MB`

const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
