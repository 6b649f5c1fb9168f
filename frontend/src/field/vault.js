// @ts-check

/** What the phone knows before anybody is let in: who uses it, their locks, its key pair. */

import { openDB } from 'idb'
import { newId } from './ids.js'
import { isOver, makeLock, newKey, openLock, waitAfter } from './lock.js'

/** @import { Me } from '../core/contract.js' */
/** @import { Lock } from './lock.js' */

/**
 * @typedef {object} KnownPerson
 * @property {string} person_id
 * @property {Me} me
 * @property {Lock | null} lock  Null: no PIN yet, or the key was thrown away.
 * @property {number} tries  Wrong ones since the last right one.
 * @property {number} wait_until  Instant in ms before which no PIN is tried.
 */
/** @typedef {{ device_id: string, keys: CryptoKeyPair, jwk: JsonWebKey, registered: string[] }} Device */

const KEPT_OPEN = 'recobro.field.key.'

export class Vault {
  #db
  #tab

  /** @param {import('idb').IDBPDatabase} db @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} tab */
  constructor(db, tab) {
    this.#db = db
    this.#tab = tab
  }

  /** Who used the phone last and has not signed out. @returns {Promise<KnownPerson | null>} */
  async current() {
    const id = await this.#db.get('facts', 'current')
    return id === undefined ? null : ((await this.#db.get('people', id)) ?? null)
  }

  /** @returns {Promise<KnownPerson[]>} */
  people() {
    return this.#db.getAll('people')
  }

  /** Somebody has signed in. @param {Me} me @returns {Promise<KnownPerson>} */
  async remember(me) {
    const known = await this.#db.get('people', me.person_id)
    const person = { person_id: me.person_id, lock: null, tries: 0, wait_until: 0, ...known, me }
    await this.#db.put('people', person)
    await this.#db.put('facts', me.person_id, 'current')
    return person
  }

  /** Nobody is in any more; who was here is still known for the work they left. */
  async leave() {
    const person = await this.current()
    if (person !== null) this.close(person.person_id)
    await this.#db.delete('facts', 'current')
  }

  /** The key of what is sealed, while this tab is unlocked. @param {string} personId */
  openKey(personId) {
    const kept = this.#tab.getItem(KEPT_OPEN + personId)
    return kept === null ? null : Uint8Array.from(atob(kept), (char) => char.charCodeAt(0))
  }

  /** @param {KnownPerson} person @param {string} pin */
  async setPin(person, pin) {
    const key = this.openKey(person.person_id) ?? newKey()
    const lock = await makeLock(pin, key)
    await this.#db.put('people', { ...person, lock, tries: 0, wait_until: 0 })
    this.#keepOpen(person.person_id, key)
  }

  /**
   * @param {string} personId @param {string} pin @param {number} now
   * @returns {Promise<'open' | 'wrong' | 'wait' | 'over'>}
   */
  async unlock(personId, pin, now) {
    /** @type {KnownPerson} */
    const person = await this.#db.get('people', personId)
    if (person.lock === null) return 'over'
    if (now < person.wait_until) return 'wait'
    const key = await openLock(person.lock, pin)
    if (key !== null) {
      await this.#db.put('people', { ...person, tries: 0, wait_until: 0 })
      this.#keepOpen(personId, key)
      return 'open'
    }
    const tries = person.tries + 1
    const over = isOver(tries)
    await this.#db.put('people', { ...person, tries, wait_until: now + waitAfter(tries), lock: over ? null : person.lock })
    return over ? 'over' : 'wrong'
  }

  /** Throw the key away: what it sealed is gone and comes again from the server. @param {string} personId */
  async forgetLock(personId) {
    const person = await this.#db.get('people', personId)
    await this.#db.put('people', { ...person, lock: null, tries: 0, wait_until: 0 })
    this.close(personId)
  }

  /** @param {string} personId */
  close(personId) {
    this.#tab.removeItem(KEPT_OPEN + personId)
  }

  /**
   * The phone's own key pair: its private half cannot leave it, not even by our code.
   * @returns {Promise<Device>}
   */
  async device() {
    const known = await this.#db.get('facts', 'device')
    if (known !== undefined) return known
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
    const device = { device_id: newId('dev'), keys, jwk: { kty, crv, x, y }, registered: [] }
    // Two tabs may have started at once: the first one's stays.
    const tx = this.#db.transaction('facts', 'readwrite')
    const there = await tx.store.get('device')
    if (there === undefined) await tx.store.put(device, 'device')
    await tx.done
    return there ?? device
  }

  /** @param {Device} device @param {string} personId */
  async registered(device, personId) {
    device.registered = [...new Set([...device.registered, personId])]
    await this.#db.put('facts', device, 'device')
  }

  /** @param {string} personId @param {Uint8Array<ArrayBuffer>} key */
  #keepOpen(personId, key) {
    this.#tab.setItem(KEPT_OPEN + personId, btoa(String.fromCharCode(...key)))
  }
}

/** @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} tab */
export async function openVault(tab) {
  const db = await openDB('recobro-field', 1, {
    upgrade(made) {
      made.createObjectStore('people', { keyPath: 'person_id' })
      made.createObjectStore('facts')
    },
  })
  return new Vault(db, tab)
}

/**
 * ECDSA P-256 over the body's bytes, as base64url of r and s.
 * @param {Device} device @param {string} body
 */
export async function sign({ device_id, keys }, body) {
  const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, new TextEncoder().encode(body))
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  return `${device_id}.${text}`
}
