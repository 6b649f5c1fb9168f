// @ts-check

/**
 * Was the agent at the door: the twin of `chalicelib/visits/verdict.py`, which judges the same
 * arrival again when the report comes in. Both run the cases of `tests/unit/visits/cases`.
 */

/** @import { Judged, Quality } from '../../field/types' */

export const EARTH_RADIUS_M = 6_371_008.8
/** A verdict's radius follows how well the point stands for the door. */
export const RADIUS_M = { rooftop: 100, street: 200, town: 1000 }
export const ACCURACY_MAX_M = 100
export const AGE_MAX_S = 30
export const STAY_S = 120
export const STAY_WITH_SOMEBODY_S = 180

/** @typedef {{ lat: number, lng: number }} Place */

/** Great-circle distance in metres. @param {Place} a @param {Place} b */
export function metresBetween(a, b) {
  const [phiA, phiB] = [radians(a.lat), radians(b.lat)]
  const half = Math.sin((phiB - phiA) / 2) ** 2
    + Math.cos(phiA) * Math.cos(phiB) * Math.sin(radians(b.lng - a.lng) / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)))
}

/**
 * @param {{ point: Place, accuracy_m: number, age_s: number, stay_s: number | null, somebody_met?: boolean }} arrival
 *   `age_s`: between the fix and the report; `stay_s`: within the radius, null where nothing tells.
 * @param {Place | null} target  Null: the address has no point yet.
 * @param {Quality} quality
 * @param {number | null} [radius_m]  Of the portfolio, or learned; null: by quality.
 * @returns {Judged}
 */
export function judge(arrival, target, quality, radius_m = null) {
  if (target === null || quality === 'none') {
    return { verdict: 'unsure', distance_m: null, radius_m: 0, reasons: ['no_point'] }
  }
  const radius = radius_m ?? RADIUS_M[quality]
  const distance = metresBetween(arrival.point, target)
  const found = { distance_m: distance, radius_m: radius }
  if (distance - arrival.accuracy_m > radius) return { verdict: 'outside', ...found, reasons: ['far'] }
  const reasons = doubts(arrival, distance, radius, quality)
  return { verdict: reasons.length > 0 ? 'unsure' : 'verified', ...found, reasons }
}

/**
 * @param {Parameters<typeof judge>[0]} arrival
 * @param {number} distance
 * @param {number} radius
 * @param {Quality} quality
 */
function doubts({ accuracy_m, age_s, stay_s, somebody_met = false }, distance, radius, quality) {
  const wanted = somebody_met ? STAY_WITH_SOMEBODY_S : STAY_S
  const all = /** @type {[string, boolean][]} */ ([
    ['maybe_inside', distance > radius],
    ['poor_accuracy', accuracy_m > ACCURACY_MAX_M],
    ['old_fix', age_s > AGE_MAX_S],
    ['short_stay', stay_s === null || stay_s < wanted],
    ['rough_point', quality === 'town'],
  ])
  return all.filter(([, holds]) => holds).map(([reason]) => reason)
}

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180
}
