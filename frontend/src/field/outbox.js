// @ts-check

/**
 * What waits to be sent, and sending it: oldest first, each until it has arrived.
 *
 * One that the server refuses for good is put aside where its owner sees it; one that fails for
 * now waits longer each time; neither holds up the others. A photo goes after the visit it belongs
 * to. The page and the service worker run the same code, one of them at a time.
 */

import { Problem, problemOf } from '../core/problem.js'
import { isFull } from './space.js'

/** @import { Api } from '../core/api.js' */
/** @import { OutboxItem, Photo, Point } from './types' */

const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 15 * 60_000
const NO_ROOM_MS = 30_000
const ELSEWHERE_MS = 2_000
const POINTS_A_TIME = 100
/** Refusals that another try may well answer differently. */
const PASSING = new Set([408, 425, 429])
const PASSING_CODES = new Set(['request.in_progress', 'case.moved'])

/**
 * @typedef {object} Kept  The part of the store that is needed.
 * @property {() => Promise<OutboxItem[]>} items
 * @property {(item: OutboxItem) => Promise<void>} putItem
 * @property {(item: OutboxItem, answer: any) => Promise<void>} itemArrived
 * @property {(item: OutboxItem) => Promise<void>} itemRefused
 * @property {(photoId: string) => Promise<Photo | undefined>} photo
 * @property {(most: number) => Promise<{ keys: number[], points: Point[] }>} points
 * @property {(keys: number[]) => Promise<void>} dropPoints
 */
/** @typedef {'offline' | 'session' | 'elsewhere' | null} Stopped  Why a round ended early. */
/** @typedef {<T>(work: () => Promise<T>) => Promise<T | 'elsewhere'>} OneAtATime */

export class Outbox {
  #store
  #api
  #fetch
  #alone
  #now
  #deviceId
  #atCase

  /**
   * @param {object} parts
   * @param {Kept} parts.store
   * @param {Pick<Api, 'post' | 'patch'>} parts.api
   * @param {typeof globalThis.fetch} parts.fetch  For photos, which go to the storage itself.
   * @param {OneAtATime} parts.alone
   * @param {string} parts.deviceId
   * @param {() => string | null} [parts.atCase]  The case at whose door the agent is now.
   * @param {() => number} [parts.now]
   */
  constructor({ store, api, fetch, alone, deviceId, atCase = () => null, now = Date.now }) {
    this.#store = store
    this.#api = api
    this.#fetch = fetch
    this.#alone = alone
    this.#deviceId = deviceId
    this.#atCase = atCase
    this.#now = now
  }

  /**
   * One round over everything that is due.
   * @param {() => void} [moved]  Called after each that left or was put aside.
   * @param {{ all?: boolean }} [how]  `all`: also what was to wait longer, since somebody asks for it.
   * @returns {Promise<{ stopped: Stopped, next_at: number | null }>}  `next_at`: when another try makes sense.
   */
  async flush(moved = () => {}, { all = false } = {}) {
    const answer = await this.#alone(() => this.#round(moved, all)).catch((error) => {
      // What has arrived could not be noted down on a full phone: it is said again, which changes nothing.
      if (!isFull(error)) throw error
      return { stopped: null, next_at: this.#now() + NO_ROOM_MS }
    })
    // What is new may have come after the other's last look.
    return answer === 'elsewhere' ? { stopped: 'elsewhere', next_at: this.#now() + ELSEWHERE_MS } : answer
  }

  /** @param {() => void} moved @param {boolean} all @returns {Promise<{ stopped: Stopped, next_at: number | null }>} */
  async #round(moved, all) {
    /** @type {Set<number | undefined>} */
    const seen = new Set()
    /** @type {number[]} */
    const later = []
    let trailed = false
    for (;;) {
      // Read anew each time: what is added meanwhile belongs to this round, and help goes before the photos.
      const items = await this.#store.items()
      const item = items.toSorted(helpFirst).find(({ seq }) => !seen.has(seq))
      if (item === undefined) break
      seen.add(item.seq)
      if (item.state === 'refused') continue
      // A photo, or what was signed, waits for its visit; when that is refused, so that it is not lost with it.
      const waits = items.some(({ kind, ref }) => kind === 'visit' && ref === item.visit_id)
      if ((item.kind === 'photo' || item.kind === 'agreement') && waits) continue
      if (!all && item.next_at > this.#now()) {
        later.push(item.next_at)
        continue
      }
      if (item.kind === 'visit' && !trailed) {
        // A visit is judged beside the trail when it arrives: the trail goes first.
        trailed = true
        const stopped = await this.#sendPoints()
        if (stopped !== null) return { stopped, next_at: null }
      }
      try {
        const answer = item.kind === 'photo' || item.photo_id ? await this.#sendPhoto(item) : await this.#send(item)
        await this.#store.itemArrived(item, answer)
        moved()
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const stopped = stopping(error)
        if (stopped !== null) return { stopped, next_at: null }
        const at = await this.#setAside(item, error)
        if (at !== null) later.push(at)
        moved()
      }
    }
    const stopped = await this.#sendPoints()
    return { stopped, next_at: later.length > 0 ? Math.min(...later) : null }
  }

  /** One that found no room on the phone, past the others. @param {OutboxItem} item */
  async sendNow(item) {
    await this.#send(item)
  }

  /** @param {OutboxItem} item */
  #send({ method, path, text, headers, ref }) {
    const how = { raw: text, headers, key: ref }
    return method === 'POST' ? this.#api.post(path, undefined, how) : this.#api.patch(path, undefined, how)
  }

  /**
   * A large one goes in parts, each kept on its own: after a break only what has not come is sent.
   * @param {OutboxItem} item
   */
  async #sendPhoto(item) {
    const photo = await this.#store.photo(item.photo_id ?? item.ref)
    if (photo === undefined) throw new Problem({ code: 'photo.lost', status: 400 })
    const ask = () => this.#api.post(item.path, undefined, { raw: item.text, key: item.ref })
    const answer = await ask()
    if (answer.have === true) return answer
    if (!answer.parts?.length) {
      await this.#put(photo.blob, answer.post)
      return answer
    }
    for (const { start, end, post } of answer.parts) await this.#put(photo.blob.slice(start, end), post)
    const joined = await ask()
    if (joined.have !== true) throw new Problem({ code: 'photo.not_stored', status: 503 })
    return joined
  }

  /** @param {Blob} bytes @param {{ url: string, fields: Record<string, string> }} post  The storage's own form. */
  async #put(bytes, post) {
    const form = new FormData()
    for (const [name, value] of Object.entries(post.fields)) form.append(name, String(value))
    form.append('file', bytes)
    const stored = await this.#fetch(post.url, { method: 'POST', body: form, credentials: 'omit' }).catch(() => null)
    if (stored === null) throw new Problem({ code: 'network.unreachable', status: 0 })
    // The storage's own refusals (a form that ran out) are mended by asking for a new form.
    if (!stored.ok) throw new Problem({ ...(await problemOf(stored)), code: 'photo.not_stored', status: 503 })
  }

  /** @returns {Promise<Stopped>} */
  async #sendPoints() {
    for (;;) {
      const { keys, points } = await this.#store.points(POINTS_A_TIME)
      if (points.length === 0) return null
      try {
        await this.#api.post('/field/pings', { device_id: this.#deviceId, case_id: this.#atCase(), points })
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        // Points of no shift are not kept by anybody; any other trouble leaves them for later.
        if (stopping(error) !== null || passes(error)) return stopping(error)
      }
      await this.#store.dropPoints(keys)
    }
  }

  /**
   * @param {OutboxItem} item @param {Problem} problem
   * @returns {Promise<number | null>}  When it is tried again; null: it is not.
   */
  async #setAside(item, problem) {
    item.tries += 1
    item.problem = { code: problem.code, status: problem.status, details: problem.details }
    if (passes(problem)) {
      item.next_at = this.#now() + waitBefore(item.tries)
      await this.#store.putItem(item)
      return item.next_at
    }
    item.state = 'refused'
    await this.#store.itemRefused(item)
    return null
  }
}

/** A call for help goes before everything else. @param {OutboxItem} a @param {OutboxItem} b */
function helpFirst(a, b) {
  return Number(b.kind === 'alarm') - Number(a.kind === 'alarm')
}

/** How long to wait before another try, ms. @param {number} tries */
export function waitBefore(tries) {
  return Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS)
}

/** Troubles of the moment. @param {Problem} problem */
function passes({ code, status }) {
  return status >= 500 || PASSING.has(status) || PASSING_CODES.has(code)
}

/** Troubles that every other item would meet too. @param {Problem} problem @returns {Stopped} */
function stopping({ code, status }) {
  if (code === 'network.unreachable') return 'offline'
  return status === 401 || code === 'actor.not_allowed' || code === 'session.refused' ? 'session' : null
}

/**
 * Only one tab, or the service worker, sends at a time; who finds it taken leaves it to the other.
 * @param {LockManager | undefined} locks @param {string} personId
 * @returns {OneAtATime}
 */
export function oneAtATime(locks, personId) {
  return (work) => locks === undefined
    ? work()
    : locks.request(`recobro.outbox.${personId}`, { ifAvailable: true }, (lock) => (lock === null ? /** @type {const} */ ('elsewhere') : work()))
}
