/** Name under which the windows of senders are saved beside the states of the stages. */
export const senderStage = '$senders'

/** Name under which values are saved beside them. */
export const valuesStage = '$values'

/** Whether the states of this stage are those of actors. */
export const isActorStage = (stage: string): boolean => stage !== senderStage && stage !== valuesStage
