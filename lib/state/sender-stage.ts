/** Name under which windows are saved beside the states of the stages. */
export const senderStage = '$senders'
