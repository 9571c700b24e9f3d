/** Rows read at a time: a longer scan would pin old pages of the file. */
export const rowsAtOnce = 512
