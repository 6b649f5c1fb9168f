// @ts-check

/**
 * What a list and a chat hold, and how what moved meanwhile goes into them. What is given twice
 * does no harm: the server repeats the last seconds, since clocks differ.
 */

/** @import { Conversation, Message, Tray } from './contract.js' */

/**
 * @param {Conversation[]} items
 * @param {Conversation[]} moved  As they are now.
 * @param {Tray} tray  What has left it leaves the list.
 * @returns {Conversation[]}  Newest first.
 */
export function withMoved(items, moved, tray) {
  const all = new Map(items.map((item) => [item.conversation_id, item]))
  for (const item of moved) {
    if (belongs(item, tray)) all.set(item.conversation_id, item)
    else all.delete(item.conversation_id)
  }
  return [...all.values()].sort((one, other) => (one.moved_at < other.moved_at ? 1 : -1))
}

/**
 * @param {Message[]} messages
 * @param {Message[]} more  Newer ones, older ones, or the same with another state.
 * @returns {Message[]}  In order.
 */
export function withMessages(messages, more) {
  const all = new Map(messages.map((message) => [message.seq, message]))
  for (const message of more) all.set(message.seq, message)
  return [...all.values()].sort((one, other) => (one.seq > 0 && other.seq > 0 ? one.seq - other.seq : one.at.localeCompare(other.at) || one.seq - other.seq))
}

/**
 * The first and last number of the conversation that is shown; what went out beside it has none.
 * @param {Message[]} messages
 */
export function numbers(messages) {
  const own = messages.map(({ seq }) => seq).filter((seq) => seq > 0)
  return { first: own.length > 0 ? Math.min(...own) : 0, last: Math.max(0, ...own) }
}

/**
 * The query of a tray's list.
 * @param {Tray} tray
 */
export function trayQuery(tray) {
  if (tray === 'waiting') return { tray: 'known', desk: 'waiting' }
  return { tray: tray === 'all' ? 'known' : 'unknown' }
}

/** @param {Conversation} item @param {Tray} tray */
function belongs({ case: owner, desk }, tray) {
  if (tray === 'waiting') return desk === 'waiting'
  return tray === 'all' ? true : owner === null
}

/**
 * Messages in days, as they are read.
 * @param {Message[]} messages
 * @param {(instant: string) => string} dayOf
 * @returns {{ day: string, messages: Message[] }[]}
 */
export function inDays(messages, dayOf) {
  /** @type {{ day: string, messages: Message[] }[]} */
  const days = []
  for (const message of messages) {
    const day = dayOf(message.at)
    if (days.at(-1)?.day !== day) days.push({ day, messages: [] })
    days.at(-1)?.messages.push(message)
  }
  return days
}
