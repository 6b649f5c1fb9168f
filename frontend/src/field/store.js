// @ts-check

/**
 * What one person has on this phone: the day, visits, photos, what waits to be sent, the trail.
 * Two people on a phone have two databases and never see each other's.
 */

import { openDB } from 'idb'
import { seal, unseal } from './lock.js'
import { isFull } from './space.js'

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
    /** The last write found no room, though all that could be spared is gone. */
    this.full = false
    this.onSpace = () => {}
  }

  /**
   * Write in one step. On a full phone what can be spared goes first.
   * @template T
   * @param {string[]} names @param {(tx: import('idb').IDBPTransaction<unknown, string[], 'readwrite'>) => Promise<T>} work
   * @returns {Promise<T>}
   * @throws {DOMException}  `QuotaExceededError`: nothing of it was written.
   */
  async #write(names, work) {
    for (;;) {
      const tx = this.#db.transaction(names, 'readwrite')
      try {
        const [made] = await Promise.all([work(tx), tx.done])
        this.#isFull(false)
        return made
      } catch (error) {
        const reason = isFull(tx.error) ? tx.error : error
        if (!isFull(reason)) throw reason
        const { spare } = await import('./spare.js')
        if (await spare(this.#db)) continue
        this.#isFull(true)
        throw reason
      }
    }
  }

  /** @param {string} name @param {unknown} value @param {IDBValidKey} [key] */
  async #put(name, value, key) {
    await this.#write([name], (tx) => tx.objectStore(name).put(value, key))
  }

  /** @param {boolean} full */
  #isFull(full) {
    if (full === this.full) return
    this.full = full
    this.onSpace()
  }

  close() {
    this.#db.close()
  }

  // What the server gave, sealed

  /** @param {string} name @param {unknown} value */
  async keepSealed(name, value) {
    if (this.#key !== null) await this.#put('sealed', await seal(this.#key, value), name)
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
    await this.#put('facts', value, name)
  }

  // Visits and their photos

  /** @returns {Promise<Visit[]>} */
  visits() {
    return this.#db.getAll('visits')
  }

  /** @param {Visit} visit */
  async saveVisit(visit) {
    await this.#put('visits', visit)
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
    await this.#write(['visits', 'photos'], async (tx) => {
      await tx.objectStore('photos').put(photo)
      await tx.objectStore('visits').put(visit)
    })
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
    await this.#write(['visits', 'outbox'], async (tx) => {
      await tx.objectStore('visits').put(visit)
      for (const item of items) await tx.objectStore('outbox').add(item)
    })
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
    return this.#write(['facts', 'receipts', 'visits'], async (tx) => {
      /** @type {Visit | undefined} */
      const kept = await tx.objectStore('visits').get(visit.visit_id)
      const before = kept?.cash ? await tx.objectStore('receipts').get(kept.cash.number) : undefined
      if (before !== undefined) return before
      const place = (await tx.objectStore('facts').get('cash-next')) ?? 1
      const receipt = { ...facts, number: numberOf(place) }
      await tx.objectStore('facts').put(place + 1, 'cash-next')
      await tx.objectStore('receipts').add(receipt)
      await tx.objectStore('visits').put({ ...visit, cash: { number: receipt.number, amount_minor: receipt.amount_minor, at: receipt.at } })
      return receipt
    })
  }

  /** @param {Receipt} receipt  The same one, signed. */
  async keepReceipt(receipt) {
    await this.#put('receipts', receipt)
  }

  /** The paper was torn up: the number stays used, and the server is told. @param {Receipt} receipt @param {Visit} visit @param {OutboxItem} item */
  async tearUp(receipt, visit, item) {
    await this.#write(['receipts', 'visits', 'outbox'], async (tx) => {
      await tx.objectStore('receipts').put(receipt)
      await tx.objectStore('visits').put(visit)
      await tx.objectStore('outbox').add(item)
    })
  }

  /** No number that the server has seen is given again, whatever became of this database. @param {number} last */
  async numberAfter(last) {
    await this.#write(['facts'], async (tx) => {
      const next = (await tx.objectStore('facts').get('cash-next')) ?? 1
      if (next <= last) await tx.objectStore('facts').put(last + 1, 'cash-next')
    })
  }

  /** What was handed in, with the picture of its slip. @param {OutboxItem} item @param {Photo | null} slip */
  async queueDeposit(item, slip) {
    await this.#write(['photos', 'outbox'], async (tx) => {
      if (slip !== null) await tx.objectStore('photos').put(slip)
      await tx.objectStore('outbox').add(item)
    })
  }

  // The outbox

  /** Oldest first. @returns {Promise<OutboxItem[]>} */
  items() {
    return this.#db.getAll('outbox')
  }

  /** @param {OutboxItem} item */
  async addItem(item) {
    await this.#write(['outbox'], (tx) => tx.objectStore('outbox').add(item))
  }

  /** @param {OutboxItem} item */
  async putItem(item) {
    await this.#put('outbox', item)
  }

  /**
   * What another phone had to send, beside what lies here: nothing here is written over.
   * @param {{ items: OutboxItem[], photos: Photo[], visits: Visit[], receipts: Receipt[] }} rescued
   * @returns {Promise<number>}  How much waits to be sent that did not before.
   */
  async restore({ items, photos, visits, receipts }) {
    return this.#write(['visits', 'photos', 'receipts', 'outbox'], async (tx) => {
      const missing = async (/** @type {string} */ name, /** @type {any} */ one, /** @type {string} */ key) => {
        if ((await tx.objectStore(name).getKey(key)) === undefined) await tx.objectStore(name).put(one)
      }
      for (const one of visits) await missing('visits', one, one.visit_id)
      for (const one of photos) await missing('photos', one, one.photo_id)
      for (const one of receipts) await missing('receipts', one, one.number)
      /** @type {OutboxItem[]} */
      const here = await tx.objectStore('outbox').getAll()
      const fresh = items.filter(({ kind, ref }) => !here.some((one) => one.kind === kind && one.ref === ref))
      for (const item of fresh) await tx.objectStore('outbox').add(item)
      return fresh.length
    })
  }

  /** It has arrived: it leaves, and its visit notes how far it is. @param {OutboxItem} item @param {any} answer */
  async itemArrived(item, answer) {
    await this.#write(['visits', 'outbox', 'photos'], async (tx) => {
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
          if (item.kind === 'agreement') Object.assign(visit, { agreement_id: answer?.agreement_id, document_id: answer?.document_id })
          visit.state = left.some(({ kind }) => kind === 'visit') ? visit.state : left.length > 0 ? 'sent' : 'complete'
          await tx.objectStore('visits').put(visit)
        }
      }
    })
  }

  /** @param {OutboxItem} item */
  async itemRefused(item) {
    await this.#write(['visits', 'outbox'], async (tx) => {
      await tx.objectStore('outbox').put(item)
      if (item.kind === 'visit') {
        const visit = await tx.objectStore('visits').get(item.ref)
        if (visit !== undefined) await tx.objectStore('visits').put({ ...visit, state: 'refused' })
      }
    })
  }

  // The trail that has not been sent

  /** @param {Point} point */
  async addPoint(point) {
    await this.#write(['points'], (tx) => tx.objectStore('points').add(point))
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
