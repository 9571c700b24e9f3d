/** Text from outside, safe to print: control characters could otherwise command the terminal. */
export const plainText = (text: string): string => text.replace(/\p{C}/gu, '\uFFFD')
