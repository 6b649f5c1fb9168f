// @ts-check

/** The timeline as a page shows it: events newest first, under the local day they happened on. */

/** @import { TimelineEvent } from '../cases/contract.js' */

import { todayIn } from '../../core/dates.js'

/**
 * @param {TimelineEvent[]} events  Newest first.
 * @param {string} timeZone
 * @returns {{ day: string, events: TimelineEvent[] }[]}
 */
export function byDay(events, timeZone) {
  /** @type {{ day: string, events: TimelineEvent[] }[]} */
  const days = []
  for (const event of events) {
    const day = todayIn(new Date(event.at), timeZone)
    const last = days.at(-1)
    if (last?.day === day) last.events.push(event)
    else days.push({ day, events: [event] })
  }
  return days
}

/**
 * Older events under newer ones, each once: a page read again while scrolling may overlap.
 * @param {TimelineEvent[]} newer
 * @param {TimelineEvent[]} older
 */
export function join(newer, older) {
  const seen = new Set(newer.map(({ seq }) => seq))
  return [...newer, ...older.filter(({ seq }) => !seen.has(seq))].sort((a, b) => b.seq - a.seq)
}

/** What an event is about, the part of its kind before the dot. @param {string} kind */
export function familyOf(kind) {
  return kind.split('.')[0]
}

/** A hash as people compare it: its beginning. @param {string} hash */
export function shortHash(hash) {
  return hash.slice(0, 8)
}
