// @ts-check

/** Names by which the page and its service worker find each other. */

export const CHANNEL = 'recobro.field'
export const SYNC_TAG = 'recobro.outbox'
