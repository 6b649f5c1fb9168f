// @ts-check

/**
 * A phone without room: what may be spared goes, nothing that is still to be sent does, and what
 * finds no place stays in memory and is told.
 */

/** @import { OutboxItem } from './types' */

/** @param {unknown} error */
export function isFull(error) {
  return /** @type {any} */ (error)?.name === 'QuotaExceededError'
}

/**
 * Whether it came onto the disk; that the phone is full the store itself tells.
 * @param {Promise<unknown>} writing
 */
export async function kept(writing) {
  try {
    await writing
    return true
  } catch (error) {
    if (!isFull(error)) throw error
    return false
  }
}

/** What found no room in the outbox yet, in memory: it goes to the server from there, when it can. */
export class Held {
  /** @type {OutboxItem[]} */
  items = []
  #add
  #send
  #turn = Promise.resolve()

  /** @param {(item: OutboxItem) => Promise<void>} add  To the outbox. @param {(item: OutboxItem) => Promise<void>} send  At once. */
  constructor(add, send) {
    this.#add = add
    this.#send = send
  }

  /** @param {OutboxItem} item */
  add(item) {
    this.items.push(item)
    return this.keep()
  }

  /** The oldest first, and one caller at a time. */
  keep() {
    this.#turn = this.#turn.then(async () => {
      while (this.items.length > 0) {
        const [item] = this.items
        if (!(await kept(this.#add(item)) || await this.#send(item).then(() => true, () => false))) return
        this.items.shift()
      }
    })
    return this.#turn
  }
}
