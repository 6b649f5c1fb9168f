// @ts-check

/**
 * The working day: in, out, and the trail between, which a browser gives only while it is on
 * screen. Outside a shift no position is kept.
 */

import { metresBetween } from '../core/visits/verdict.js'
import { t } from '../core/i18n.js'
import { toast } from '../core/ui/toast.js'
import { newId } from './ids.js'
import { waiting } from './waiting.js'
import { kept } from './space.js'

/** @import { App } from './app.js' */
/** @import { Place, Places } from './place.js' */
/** @import { Store } from './store.js' */
/** @import { Point } from './types' */

const POINT_EVERY_MS = 20_000
const POINT_EVERY_M = 30
const SEND_AT = 15
const MOST_HELD = 2000 // eleven hours of points that found no room

export class Shift {
  #app
  #store
  #places
  /** @type {(() => void) | null} */
  #stop = null
  /** @type {Place | null} */
  #last = null
  #unsent = 0
  /** Points that found no room yet. @type {Point[]} */
  #held = []
  /** Ends when the last that was begun has. @type {Promise<unknown>} */
  #keeping = Promise.resolve()
  /** @type {any} */
  #battery = null
  /** @type {WakeLockSentinel | null} */
  #awake = null

  /** @param {{ app: App, store: Store, places: Places }} parts */
  constructor({ app, store, places }) {
    this.#app = app
    this.#store = store
    this.#places = places
    /** @type {{ shift_id: string, started_at: string } | null} */
    this.current = null
    this.keepAwake = false
    document.addEventListener('visibilitychange', () => void this.#stayAwake())
  }

  get on() {
    return this.current !== null
  }

  async load() {
    this.current = (await this.#store.fact('shift')) ?? null
    this.keepAwake = (await this.#store.fact('keep-awake')) ?? false
    if (this.on) await this.#follow()
  }

  async start() {
    const now = Date.now()
    const { latest } = this.#places
    const shift = { shift_id: newId('shf', now), started_at: new Date(now).toISOString(), device_id: this.#app.device.device_id }
    const point = latest === null ? null : { lat: latest.lat, lng: latest.lng, accuracy_m: latest.accuracy_m, at: latest.at }
    this.current = shift
    await kept(this.#store.setFact('shift', shift))
    await this.#follow()
    await this.#app.queue(waiting({
      kind: 'shift', ref: shift.shift_id, path: '/field/shifts', text: JSON.stringify(point === null ? shift : { ...shift, point }),
    }, now))
  }

  async end() {
    if (this.current === null) return
    const now = Date.now()
    const { shift_id: id } = this.current
    this.current = null
    this.#stop?.()
    this.#stop = null
    await kept(this.#store.setFact('shift', null))
    await this.#stayAwake()
    await this.#keepPoints()
    await this.#app.flush()
    await this.#app.queue(waiting({
      kind: 'shift', ref: `${id}-end`, method: 'PATCH', path: `/field/shifts/${id}`,
      text: JSON.stringify({ ended_at: new Date(now).toISOString() }),
    }, now))
  }

  /**
   * The server closes a shift that was forgotten; the phone learns of it here. One whose start
   * has not arrived yet is not known there, and stays.
   */
  async check() {
    const { current } = this
    if (current === null || this.#app.items.some(({ ref }) => ref === current.shift_id)) return
    const open = await this.#app.api.get('/field/shifts/current').catch(() => undefined)
    if (open === undefined || this.current !== current || open?.shift?.shift_id === current.shift_id) return
    this.current = null
    this.#stop?.()
    this.#stop = null
    await kept(this.#store.setFact('shift', null))
    await this.#stayAwake()
    toast(t('field.shift_closed'))
  }

  /** @param {boolean} on */
  async setKeepAwake(on) {
    this.keepAwake = on
    await kept(this.#store.setFact('keep-awake', on))
    await this.#stayAwake()
    this.#app.paint()
  }

  async #follow() {
    this.#stop ??= this.#places.follow((place) => {
      if (place !== null) void this.#note(place)
    })
    this.#battery ??= await /** @type {any} */ (navigator).getBattery?.().catch(() => null) ?? null
    await this.#stayAwake()
  }

  /** @param {Place} place */
  async #note(place) {
    this.#app.paint()
    const last = this.#last
    const soon = last !== null && Date.parse(place.at) - Date.parse(last.at) < POINT_EVERY_MS
    if (last !== null && soon && metresBetween(last, place) < POINT_EVERY_M) return
    this.#last = place
    const { at, lat, lng, accuracy_m, speed_ms, heading } = place
    this.#held.push({
      at, lat, lng, accuracy_m, speed_ms, heading,
      battery: this.#battery?.level ?? null, charging: this.#battery?.charging ?? null,
      network: navigator.onLine ? (/** @type {any} */ (navigator).connection?.effectiveType ?? 'online') : 'offline', activity: null,
    })
    const room = await this.#keepPoints()
    this.#unsent += 1
    // Without room what is here is sent at once: that makes some.
    if (room && this.#unsent < SEND_AT && last !== null) return
    this.#unsent = 0
    await this.#app.flush()
  }

  /**
   * Onto the disk, the oldest first: one at a time, or two that both find no room come back in
   * the wrong order. A point that comes meanwhile is tried after: room may have been made.
   * @returns {Promise<boolean>}  Whether all found room.
   */
  #keepPoints() {
    const done = this.#keeping.then(() => this.#keepHeld())
    this.#keeping = done.catch(() => null)
    return done
  }

  async #keepHeld() {
    while (this.#held.length > 0) {
      if (!await kept(this.#store.addPoint(this.#held[0]))) {
        this.#held = this.#held.slice(-MOST_HELD)
        return false
      }
      this.#held.shift()
    }
    return true
  }

  async #stayAwake() {
    const wanted = this.on && this.keepAwake && document.visibilityState === 'visible'
    if (wanted && this.#awake === null) {
      this.#awake = await navigator.wakeLock?.request('screen').catch(() => null) ?? null
      this.#awake?.addEventListener('release', () => { this.#awake = null })
    } else if (!wanted) {
      await this.#awake?.release()
    }
  }
}
