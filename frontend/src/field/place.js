// @ts-check

/** Where the phone is, as long as somebody wants to know. A browser says so only on screen. */

import { ACCURACY_MAX_M, metresBetween } from '../core/visits/verdict.js'

/** @import { Fix, StopAddress } from './types' */
/** @typedef {Fix & { speed_ms: number | null, heading: number | null }} Place */

const MOST_FIXES = 50
const FIX_EVERY_MS = 5_000

export class Places {
  /** @type {Set<(place: Place | null) => void>} */
  #listeners = new Set()
  /** @type {number | null} */
  #watch = null
  #geolocation

  /** @param {Geolocation | undefined} geolocation */
  constructor(geolocation = navigator.geolocation) {
    this.#geolocation = geolocation
    /** @type {Place | null} */
    this.latest = null
    /** @type {'denied' | 'unavailable' | null} */
    this.trouble = null
  }

  /**
   * Be told of each position, or with null of trouble.
   * @param {(place: Place | null) => void} listener
   * @returns {() => void}  Stops it; the last one to go turns the receiver off.
   */
  follow(listener) {
    this.#listeners.add(listener)
    this.#start()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  #start() {
    if (this.#watch !== null) return
    if (this.#geolocation === undefined) return this.#tell(null, 'unavailable')
    this.#watch = this.#geolocation.watchPosition(
      (position) => this.#tell(placeOf(position), null),
      // Code 1 is a refusal; the others pass, and the watch goes on by itself.
      ({ code }) => this.#tell(null, code === 1 ? 'denied' : 'unavailable'),
      { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 },
    )
  }

  #stop() {
    if (this.#watch !== null) this.#geolocation?.clearWatch(this.#watch)
    this.#watch = null
  }

  /** @param {Place | null} place @param {'denied' | 'unavailable' | null} trouble */
  #tell(place, trouble) {
    this.trouble = trouble
    if (place !== null) this.latest = place
    for (const listener of this.#listeners) listener(place)
  }
}

/** @param {GeolocationPosition} position @returns {Place} */
function placeOf(position) {
  const { coords, timestamp } = position
  // Browsers do not say whether a position is simulated; an app around one may.
  const { mocked = null } = /** @type {any} */ (position)
  return {
    at: new Date(timestamp).toISOString(),
    lat: coords.latitude,
    lng: coords.longitude,
    accuracy_m: Math.round(coords.accuracy * 10) / 10,
    mock: mocked,
    speed_ms: coords.speed ?? null,
    heading: coords.heading === null || Number.isNaN(coords.heading) ? null : coords.heading,
  }
}

/** What a visit keeps of a position. @param {Place} place @returns {Fix} */
export function fixOf({ at, lat, lng, accuracy_m, mock }) {
  return { at, lat, lng, accuracy_m, mock }
}

/**
 * The fixes of a visit with one more: arrival stays the first, and when there are too many every
 * second of those between goes.
 * @param {Fix[]} fixes @param {Fix} fix
 */
export function withFix(fixes, fix) {
  const last = fixes.at(-1)
  if (last !== undefined && Date.parse(fix.at) - Date.parse(last.at) < FIX_EVERY_MS) return fixes
  const all = [...fixes, fix]
  return all.length <= MOST_FIXES ? all : all.filter((_, i) => i === 0 || i === all.length - 1 || i % 2 === 0)
}

/**
 * How long the last unbroken stay at the address has lasted, s.
 * @param {Fix[]} fixes @param {StopAddress | null} address @param {number} radiusM
 * @param {string} until
 * @returns {number | null}  Null: the last fix is elsewhere, or there is none.
 */
export function staySeconds(fixes, address, radiusM, until) {
  /** @type {Fix | null} */
  let from = null
  // As on the server, a poor fix tells nothing of where one stayed.
  for (const fix of fixes.filter(({ accuracy_m: error }) => error <= ACCURACY_MAX_M).toReversed()) {
    if (!isThere(fix, address, radiusM)) break
    from = fix
  }
  return from === null ? null : Math.max(0, Math.round((Date.parse(until) - Date.parse(from.at)) / 1000))
}

/** @param {Fix} fix @param {StopAddress | null} address @param {number} radiusM */
function isThere(fix, address, radiusM) {
  if (address === null || address.lat === null || address.lng === null) return true
  return metresBetween(fix, { lat: address.lat, lng: address.lng }) <= radiusM
}
