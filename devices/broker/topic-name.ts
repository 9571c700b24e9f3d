/** Whether a client may publish on `topic`: it has a character, no wildcard and no U+0000. */
export const isTopicName = (topic: string): boolean => topic !== '' && !notInNames.test(topic)

const notInNames = /[+#\0]/
