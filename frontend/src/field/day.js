// @ts-check

/** The day as it is shown: the server's list with what has happened on this phone since. */

import { metresBetween } from '../core/visits/verdict.js'

/** @import { Day, Stop, Visit, Window } from './types' */

/** @typedef {'planned' | 'open' | 'unsent' | 'done' | 'withdrawn'} StopState */
/** @typedef {{ stop: Stop, state: StopState, visit: Visit | null, metres: number | null }} Entry */

/**
 * @param {Day} day @param {Visit[]} visits
 * @param {{ lat: number, lng: number } | null} here
 * @returns {Entry[]}  In the order of the route; what left it comes last.
 */
export function entriesOf(day, visits, here) {
  const byStop = new Map(visits.map((visit) => [stopKey(visit), visit]))
  return day.stops
    .map((stop) => {
      const visit = byStop.get(stopKey(stop)) ?? null
      return { stop, visit, state: stateOf(stop, visit), metres: metresTo(stop, here) }
    })
    .toSorted((a, b) => rank(a) - rank(b) || a.stop.order - b.stop.order)
}

/** @param {{ assignment_id: string | null, case_id: string }} one */
export function stopKey({ assignment_id, case_id }) {
  return assignment_id ?? case_id
}

/** @param {Stop} stop @param {Visit | null} visit @returns {StopState} */
function stateOf(stop, visit) {
  if (visit?.state === 'open') return 'open'
  if (visit !== null) return visit.state === 'complete' ? 'done' : 'unsent'
  return stop.state
}

/** @param {Entry} entry */
function rank({ state }) {
  return state === 'withdrawn' ? 2 : state === 'done' || state === 'unsent' ? 1 : 0
}

/** @param {Stop} stop @param {{ lat: number, lng: number } | null} here */
function metresTo({ address, distance_m }, here) {
  if (here === null || address === null || address.lat === null || address.lng === null) return distance_m
  return metresBetween(here, { lat: address.lat, lng: address.lng })
}

/**
 * Whether the law lets somebody knock at this moment, as known when the list came.
 * @param {Window | null} window @param {number} now
 * @returns {{ allowed: boolean, until: string | null, reason_code: string | null }}
 *   `until`: when that changes.
 */
export function windowAt(window, now) {
  if (window === null) return { allowed: true, until: null, reason_code: null }
  const { allowed, until, next_allowed_at: next, reason_code } = window
  if (allowed && until !== null && now >= Date.parse(until)) return { allowed: false, until: next, reason_code: 'window.closed' }
  if (!allowed && next !== null && now >= Date.parse(next)) return { allowed: true, until: null, reason_code: null }
  return allowed ? { allowed, until, reason_code: null } : { allowed, until: next, reason_code }
}

/** Stops whose name or address holds every word. @param {Entry[]} entries @param {string} typed */
export function search(entries, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  return entries.filter(({ stop }) => {
    const text = plain(`${stop.name} ${stop.address?.lines ?? ''} ${stop.address?.city ?? ''}`)
    return words.every((word) => text.includes(word))
  })
}

/** @param {string} text */
function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
