/** Tests of the suite that need a session which outlives its connection, with the reason. */
export const needPersistentSession: Readonly<Record<string, string>> = {
  test_offline_message_queueing:
    'messages are queued for a client that is not connected; tidemark keeps readings in the stream instead',
  test_redelivery_on_reconnect:
    'what a subscriber had not acknowledged is sent again when it reconnects with its session',
}

/** Tests of the suite that need a setting of the broker which tidemark does not have, with the reason. */
export const needSetting: Readonly<Record<string, string>> = {
  test_subscribe_failure: 'the topic test/nosubscribe must be refused to subscribers, and no other',
}
