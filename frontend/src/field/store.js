// @ts-check

/**
 * What one person has on this phone: the day, visits, photos, what waits to be sent, the trail.
 * Two people on a phone have two databases and never see each other's.
 */

import { openDB } from 'idb'
import { seal, unseal } from './lock.js'

/** @import { Day, OutboxItem, Photo, Point, Receipt, Visit } from './types' */

const DAY_MS = 86_400_000
/** Visits that have arrived stay to be looked at for this long. */
const KEPT_DAYS = 3

export class Store {
  #db
  /** @type {CryptoKey | null} */
  #key

  /** @param {import('idb').IDBPDatabase} db @param {CryptoKey | null} key  Null: only what is not sealed. */
  constructor(db, key) {
    this.#db = db
    this.#key = key
  }

  close() {
    this.#db.close()
  }

  // What the server gave, sealed

  /** @param {string} name @param {unknown} value */
  async keepSealed(name, value) {
    if (this.#key !== null) await this.#db.put('sealed', await seal(this.#key, value), name)
  }

  /** @param {string} name @returns {Promise<any>}  Undefined: not there, or of a key thrown away. */
  async openSealed(name) {
    const sealed = await this.#db.get('sealed', name)
    if (sealed === undefined || this.#key === null) return undefined
    return unseal(this.#key, sealed).catch(() => undefined)
  }

  async dropSealed() {
    await this.#db.clear('sealed')
  }

  // Small facts

  /** @param {string} name @returns {Promise<any>} */
  fact(name) {
    return this.#db.get('facts', name)
  }

  /** @param {string} name @param {unknown} value */
  async setFact(name, value) {
    await this.#db.put('facts', value, name)
  }

  // Visits and their photos

  /** @returns {Promise<Visit[]>} */
  visits() {
    return this.#db.getAll('visits')
  }

  /** @param {Visit} visit */
  async saveVisit(visit) {
    await this.#db.put('visits', visit)
  }

  /** @param {string} visitId @returns {Promise<Visit | undefined>} */
  visit(visitId) {
    return this.#db.get('visits', visitId)
  }

  /** A visit that was begun by mistake. @param {string} visitId */
  async dropVisit(visitId) {
    const tx = this.#db.transaction(['visits', 'photos'], 'readwrite')
    await tx.objectStore('visits').delete(visitId)
    for (const id of await tx.objectStore('photos').index('visit').getAllKeys(visitId)) await tx.objectStore('photos').delete(id)
    await tx.done
  }

  /** The photo and the visit that names it, or neither. @param {Photo} photo @param {Visit} visit */
  async addPhoto(photo, visit) {
    const tx = this.#db.transaction(['visits', 'photos'], 'readwrite')
    await tx.objectStore('photos').put(photo)
    await tx.objectStore('visits').put(visit)
    await tx.done
  }

  /** @param {string} photoId @returns {Promise<Photo | undefined>} */
  photo(photoId) {
    return this.#db.get('photos', photoId)
  }

  /** @param {string} photoId */
  async dropPhoto(photoId) {
    await this.#db.delete('photos', photoId)
  }

  /**
   * The visit is done: it and all that it has to send, in one step.
   * @param {Visit} visit @param {OutboxItem[]} items
   */
  async queueVisit(visit, items) {
    const tx = this.#db.transaction(['visits', 'outbox'], 'readwrite')
    await tx.objectStore('visits').put(visit)
    for (const item of items) await tx.objectStore('outbox').add(item)
    await tx.done
  }

  /** Visits that arrived days ago go; nothing that is still to be sent does. @param {number} now */
  async tidy(now) {
    for (const visit of await this.visits()) {
      const done = visit.state === 'complete' && visit.finished_at !== null
      if (done && now - Date.parse(visit.finished_at ?? '') > KEPT_DAYS * DAY_MS) await this.#db.delete('visits', visit.visit_id)
    }
  }

  // Cash

  /** Every receipt that was numbered here, in the order of the numbers. @returns {Promise<Receipt[]>} */
  receipts() {
    return this.#db.getAll('receipts')
  }

  /**
   * Number a receipt and put it into its visit, in one step: a crash leaves both or neither, and
   * no number without its receipt. One that the visit has already stays.
   * @param {Visit} visit @param {Omit<Receipt, 'number'>} facts @param {(place: number) => string} numberOf
   * @returns {Promise<Receipt>}
   */
  async issueReceipt(visit, facts, numberOf) {
    const tx = this.#db.transaction(['facts', 'receipts', 'visits'], 'readwrite')
    /** @type {Visit | undefined} */
    const kept = await tx.objectStore('visits').get(visit.visit_id)
    const before = kept?.cash ? await tx.objectStore('receipts').get(kept.cash.number) : undefined
    if (before !== undefined) {
      await tx.done
      return before
    }
    const place = (await tx.objectStore('facts').get('cash-next')) ?? 1
    const receipt = { ...facts, number: numberOf(place) }
    await tx.objectStore('facts').put(place + 1, 'cash-next')
    await tx.objectStore('receipts').add(receipt)
    await tx.objectStore('visits').put({ ...visit, cash: { number: receipt.number, amount_minor: receipt.amount_minor, at: receipt.at } })
    await tx.done
    return receipt
  }

  /** @param {Receipt} receipt  The same one, signed. */
  async keepReceipt(receipt) {
    await this.#db.put('receipts', receipt)
  }

  /** The paper was torn up: the number stays used, and the server is told. @param {Receipt} receipt @param {Visit} visit @param {OutboxItem} item */
  async tearUp(receipt, visit, item) {
    const tx = this.#db.transaction(['receipts', 'visits', 'outbox'], 'readwrite')
    await tx.objectStore('receipts').put(receipt)
    await tx.objectStore('visits').put(visit)
    await tx.objectStore('outbox').add(item)
    await tx.done
  }

  /** No number that the server has seen is given again, whatever became of this database. @param {number} last */
  async numberAfter(last) {
    const tx = this.#db.transaction('facts', 'readwrite')
    const next = (await tx.store.get('cash-next')) ?? 1
    if (next <= last) await tx.store.put(last + 1, 'cash-next')
    await tx.done
  }

  /** What was handed in, with the picture of its slip. @param {OutboxItem} item @param {Photo | null} slip */
  async queueDeposit(item, slip) {
    const tx = this.#db.transaction(['photos', 'outbox'], 'readwrite')
    if (slip !== null) await tx.objectStore('photos').put(slip)
    await tx.objectStore('outbox').add(item)
    await tx.done
  }

  // The outbox

  /** Oldest first. @returns {Promise<OutboxItem[]>} */
  items() {
    return this.#db.getAll('outbox')
  }

  /** @param {OutboxItem} item */
  async addItem(item) {
    await this.#db.add('outbox', item)
  }

  /** @param {OutboxItem} item */
  async putItem(item) {
    await this.#db.put('outbox', item)
  }

  /** It has arrived: it leaves, and its visit notes how far it is. @param {OutboxItem} item @param {any} answer */
  async itemArrived(item, answer) {
    const tx = this.#db.transaction(['visits', 'outbox', 'photos'], 'readwrite')
    await tx.objectStore('outbox').delete(/** @type {number} */ (item.seq))
    if (item.kind === 'photo') await tx.objectStore('photos').delete(item.ref)
    if (item.photo_id) await tx.objectStore('photos').delete(item.photo_id)
    if (item.visit_id !== null) {
      /** @type {Visit | undefined} */
      const visit = await tx.objectStore('visits').get(item.visit_id)
      /** @type {OutboxItem[]} */
      const left = (await tx.objectStore('outbox').getAll()).filter((one) => one.visit_id === item.visit_id)
      if (visit !== undefined) {
        if (item.kind === 'visit') visit.server = { verdict: answer?.verdict, conflicts: answer?.conflicts ?? [], state: answer?.state }
        visit.state = left.some(({ kind }) => kind === 'visit') ? visit.state : left.length > 0 ? 'sent' : 'complete'
        await tx.objectStore('visits').put(visit)
      }
    }
    await tx.done
  }

  /** @param {OutboxItem} item */
  async itemRefused(item) {
    const tx = this.#db.transaction(['visits', 'outbox'], 'readwrite')
    await tx.objectStore('outbox').put(item)
    if (item.kind === 'visit') {
      const visit = await tx.objectStore('visits').get(item.ref)
      if (visit !== undefined) await tx.objectStore('visits').put({ ...visit, state: 'refused' })
    }
    await tx.done
  }

  // The trail that has not been sent

  /** @param {Point} point */
  async addPoint(point) {
    await this.#db.add('points', point)
  }

  /** @param {number} most @returns {Promise<{ keys: number[], points: Point[] }>} */
  async points(most) {
    const tx = this.#db.transaction('points')
    const [keys, points] = await Promise.all([tx.store.getAllKeys(null, most), tx.store.getAll(null, most)])
    return { keys: /** @type {number[]} */ (keys), points }
  }

  /** @param {number[]} keys */
  async dropPoints(keys) {
    const tx = this.#db.transaction('points', 'readwrite')
    for (const key of keys) await tx.store.delete(key)
    await tx.done
  }
}

/** @param {string} personId @param {CryptoKey | null} [key] */
export async function openStore(personId, key = null) {
  const db = await openDB(`recobro-field-${personId}`, 2, {
    upgrade(made, from) {
      if (from < 2) made.createObjectStore('receipts', { keyPath: 'number' })
      if (from >= 1) return
      made.createObjectStore('sealed')
      made.createObjectStore('facts')
      made.createObjectStore('visits', { keyPath: 'visit_id' })
      made.createObjectStore('photos', { keyPath: 'photo_id' }).createIndex('visit', 'visit_id')
      made.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true })
      made.createObjectStore('points', { autoIncrement: true })
    },
    // Another tab has a newer app: it must not wait for this one.
    blocking: (_, __, event) => { /** @type {IDBDatabase} */ (event.target).close() },
  })
  return new Store(db, key)
}
